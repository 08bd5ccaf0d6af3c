/**
 * Built: store sources as files that a process or worker of a test's own can
 * run, since Node 20 runs no TypeScript.
 */
import { existsSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));

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
    logLevel: "silent",
  });
  // The native module is looked for beside the built file.
  const beside = join(folder, "node_modules");
  if (!existsSync(beside)) symlinkSync(modules, beside, "junction");
  return out;
}
