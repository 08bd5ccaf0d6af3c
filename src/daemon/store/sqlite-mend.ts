/**
 * SQLite mend: what a person does about a native module that is missing. npm
 * removes an optional package whose build failed, so that "not there" can mean
 * "not wanted", "its install script was not run" or "there was no compiler".
 */

/** `absent`: no such package; `unusable`: it is there, and its machine code is not, or does not load. */
export type SqliteFault = "absent" | "unusable";

/** Commands and what they need, for this major version of Node. */
export function sqliteMend(major: number, fault: SqliteFault): string {
  if (major >= 22) return fault === "absent" ? withOptional : otherBinary;
  return `${fault === "absent" ? buildAgain : rebuild}; ${needsCompiler}; or use Node 22 or newer, which needs neither`;
}

const withOptional =
  "install hoopx again with its optional packages: npm install -g hoopx --include=optional (in a clone: npm ci --include=optional)";
const otherBinary =
  "the package better-sqlite3 has no binary that this system can load: install hoopx again with this Node (in a clone: npm ci), or use Node for another C library (glibc, musl)";
const buildAgain =
  "Node 20 needs an install script to be run: npm install -g hoopx --include=optional --ignore-scripts=false (in a clone: npm ci --include=optional --ignore-scripts=false)";
const rebuild =
  "Node 20 needs an install script to be run: npm install -g hoopx --include=optional --ignore-scripts=false (in a clone: npm rebuild better-sqlite3-node20 --ignore-scripts=false)";
const needsCompiler =
  "where it can download no binary it compiles one, which needs a compiler and Python (Debian, Ubuntu: apt install build-essential python3)";
