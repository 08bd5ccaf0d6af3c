/**
 * Built: store sources as files that a process or worker of a test's own can
 * run, since Node 20 runs no TypeScript.
 */
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const native = pathToFileURL(createRequire(import.meta.url).resolve("better-sqlite3")).href;

/** Builds one source file, named from the repository's root, into a folder. */
export async function built(source: string, folder: string): Promise<string> {
  const out = join(folder, basename(source).replace(/\.ts$/, ".mjs"));
  await build({
    entryPoints: [fileURLToPath(new URL(`../../../${source}`, import.meta.url))],
    outfile: out,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    alias: { "better-sqlite3": native },
    external: [native],
    logLevel: "silent",
  });
  return out;
}
