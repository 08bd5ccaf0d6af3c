/** The command line built from the sources as they are, for tests of real processes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export interface BuiltCli {
  /** Path of the program, for Node. */
  readonly program: string;
  /** A folder with an executable `hoopx`. */
  readonly bin: string;
  remove(): void;
}

export async function buildCli(): Promise<BuiltCli> {
  const folder = mkdtempSync(join(tmpdir(), "hoopx-built-"));
  await build({
    absWorkingDir: fileURLToPath(new URL("../../..", import.meta.url)),
    entryPoints: { hoopx: "src/cli/main.ts" },
    outdir: join(folder, "dist"),
    alias: { "react-devtools-core": "./scripts/nothing.js" },
    define: { "process.env.NODE_ENV": '"production"', "process.env.DEV": '"false"' },
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    banner: {
      js: 'import { createRequire as r } from "node:module"; const require = r(import.meta.url);',
    },
  });
  const program = join(folder, "dist/hoopx.mjs");
  const bin = join(folder, "path");
  mkdirSync(bin);
  writeFileSync(join(bin, "hoopx"), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, {
    mode: 0o755,
  });
  return { program, bin, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
