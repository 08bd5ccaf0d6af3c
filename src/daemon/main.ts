/**
 * Main: the daemon's program. It prepares the home, reads the settings, takes
 * the lock and has `compose/` put the rooms together; or it says why there is
 * no daemon. Nothing imports this file.
 */
import { hostname, userInfo } from "node:os";
import { homeOf } from "../contract/home.js";
import { closeDebuggerSignal, spawnObjection } from "../contract/spawn-guards.js";
import { startDaemon } from "./compose/daemon.js";
import { ConfigError, loadConfig } from "./lifecycle/config.js";
import { configFiles } from "./lifecycle/config-files.js";
import { becomeTheDaemon } from "./lifecycle/daemon-lock.js";
import { FolderError, prepareFolders } from "./lifecycle/folders.js";
import { readHolder } from "./lifecycle/run-files.js";
import { PricesError } from "./spending/prices.js";
import { SqliteMissingError } from "./store/sqlite.js";

process.umask(0o077);
closeDebuggerSignal();
// The terminal that started it may go; only a stop ends it.
process.on("SIGHUP", () => undefined);

/** Says why there is no daemon, in the command line's own form, and ends. */
function refuse(message: string, hint?: string, details: readonly string[] = []): never {
  const lines = [
    `error: ${message}`,
    ...details.map((detail) => `  ${detail}`),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ];
  process.stderr.write(`${lines.join("\n")}\n`);
  process.exit(1);
}

const objection = spawnObjection(process.env, process.execArgv);
if (objection !== undefined) refuse(objection.message, objection.hint);

try {
  const home = homeOf(process.env);
  prepareFolders(home);
  const config = loadConfig(configFiles(home, process.env), process.env);
  const lock = await becomeTheDaemon(home);
  if (lock === undefined) {
    const pid = readHolder(home)?.pid;
    const who = pid === undefined ? "hoopxd" : `hoopxd (pid ${pid})`;
    process.stderr.write(`${who} already answers on ${home.socket}\n`);
    process.exit(0);
  }
  const user = userInfo().username;
  const systemUser = {
    issuer: `os:${hostname()}`,
    subject: user,
    email: null,
    groups: [],
    profile: null,
  };
  await startDaemon({ home, config, lock, systemUser });
} catch (error) {
  if (error instanceof ConfigError) {
    const [first = "", ...more] = error.problems;
    if (more.length === 0) refuse(first, "mend it, then hoopx daemon start");
    const count = `${error.problems.length} settings cannot be used`;
    refuse(count, "mend them, then hoopx daemon start", error.problems);
  }
  if (error instanceof PricesError) refuse(error.message, "mend it, then hoopx daemon start");
  if (error instanceof FolderError || error instanceof SqliteMissingError) {
    refuse(error.message, error.hint);
  }
  refuse(error instanceof Error ? error.message : String(error), "hoopx daemon logs");
}
