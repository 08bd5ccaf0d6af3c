// The store that bench/record.js, search.js and store.js measure: the sources'
// own, bundled into a folder that is thrown away.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const source = fileURLToPath(new URL("../src/daemon/store", import.meta.url));
const native = pathToFileURL(createRequire(import.meta.url).resolve("better-sqlite3")).href;

/** Builds it into a new folder below `parent`; `dispose` takes that away with the record in it. */
export async function buildStore(parent) {
  const folder = mkdtempSync(join(parent, "hoopx-bench-store-"));
  await build({
    entryPoints: [join(source, "sqlite-store.ts"), join(source, "checkpointer.ts")],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    alias: { "better-sqlite3": native },
    external: [native],
  });
  const { openStore } = await import(pathToFileURL(join(folder, "sqlite-store.mjs")).href);
  const { default: Database } = await import(native);
  return {
    folder,
    openStore,
    Database,
    checkpointer: pathToFileURL(join(folder, "checkpointer.mjs")),
    dispose: () => rmSync(folder, { recursive: true }),
  };
}
