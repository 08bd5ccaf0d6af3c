// Two marks in package-lock.json that npm reads and does not write. They keep
// install scripts out of Node 22 and newer: the SQLite of Node 20 is skipped
// there, and npm 10 and 11 do not compile the newer one, which brings binaries.
// Run it after each change of the lock file: `node scripts/lock-marks.js`.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("../package-lock.json", import.meta.url));

/** What the entries of a lock file must say, by their place. */
export const lockMarks = {
  "node_modules/better-sqlite3": { gypfile: false },
  "node_modules/better-sqlite3-node20": { engines: { node: "^20.19.0" } },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(file, "utf8"));
  for (const [place, marks] of Object.entries(lockMarks)) {
    Object.assign(lock.packages[place], marks);
  }
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
