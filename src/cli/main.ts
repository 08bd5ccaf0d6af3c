/**
 * The command line's entry, and the only place that ends its process. Asked
 * for nothing but the version it answers before anything else is loaded;
 * everything else waits for the program to be read, from Node's compile cache
 * where there is one.
 */
import { writeSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";
import { version } from "../contract/version.js";

const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
  try {
    writeSync(1, `${version}\n`);
  } catch {
    // It is not read any more.
  }
} else {
  // Since Node 22.1; unknown to the types of Node 20.
  (module as { enableCompileCache?: () => void }).enableCompileCache?.();
  const { runOnProcess } = await import("./process.js");
  process.exit(
    await runOnProcess(argv, {
      daemonProgram: fileURLToPath(new URL("../bin/hoopxd.js", import.meta.url)),
      version,
    }),
  );
}
