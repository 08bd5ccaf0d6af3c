/**
 * The sources as the architecture tests see them: each file with its text,
 * its imports and whether an import is of types only.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Import {
  /** `src/…/file.ts` for ours, else the package or module as written. */
  readonly target: string;
  readonly ours: boolean;
  readonly typeOnly: boolean;
  /** It is loaded when it is wanted, by `import()`. */
  readonly late: boolean;
}

export interface SourceFile {
  /** From the project's folder, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

/** Every TypeScript file below a folder of the project. */
export function sourcesBelow(folder: string): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return { path, text, imports: importsOf(path, text) };
    });
}

/**
 * Imports and re-exports, static and dynamic. A statement begins its line, so
 * code in strings and comments is not taken for one; formatting is biome's.
 */
export function importsOf(path: string, text: string): readonly Import[] {
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean, late = false) => {
    const ours = specifier.startsWith(".");
    const target = ours
      ? posix.join(dirname(path), specifier).replace(/\.js(x?)$/, ".ts$1")
      : specifier;
    found.push({ target, ours, typeOnly, late });
  };
  const from = /^(?:import|export)\s+(type\s+)?(?:[\w*$\s{},]|\btype\b)*?\bfrom\s+"([^"]+)"/gm;
  for (const [, type, specifier] of text.matchAll(from)) add(specifier ?? "", type !== undefined);
  for (const [, specifier] of text.matchAll(/^import\s+"([^"]+)"/gm)) add(specifier ?? "", false);
  for (const [, type, specifier] of text.matchAll(/(typeof\s+)?\bimport\(\s*"([^"]+)"\s*\)/g)) {
    add(specifier ?? "", type !== undefined, true);
  }
  return found;
}
