/**
 * The command line's entry, and the only place that ends its process. Asked
 * for nothing but the version it answers before anything else is loaded.
 * Node's compile cache stays off: it lies where an agent of the same user can
 * write, and what stands in it is run.
 */
import { writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { version } from "../contract/version.js";

const argv = process.argv.slice(2);

// Node opens its debugger at this signal, to any process of this user (SECURITY L8).
process.on("SIGUSR1", () => undefined);

if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
  try {
    writeSync(1, `${version}\n`);
  } catch {
    // It is not read any more.
  }
} else {
  const { runOnProcess } = await import("./process.js");
  process.exit(
    await runOnProcess(argv, {
      daemonProgram: fileURLToPath(new URL("../bin/hoopxd.js", import.meta.url)),
      version,
    }),
  );
}
