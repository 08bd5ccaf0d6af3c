/**
 * Main: the daemon's composition root. Everything is made here, once, in the
 * order it depends on each other, and handed to whoever needs it; nothing
 * imports this file. Readiness is the control socket answering.
 */
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { homeOf } from "../contract/home.js";
import { ConfigError, loadConfig, systemFile } from "./config.js";
import { startDaemon } from "./daemon.js";
import { FolderError, prepareFolders } from "./folders.js";
import { becomeTheDaemon } from "./one-daemon.js";
import { readHolder } from "./run-files.js";
import { closeDebuggerSignal, spawnObjection } from "./spawn-guards.js";
import { SqliteMissingError } from "./store/sqlite.js";

process.umask(0o077);
closeDebuggerSignal();
// The terminal that started it may go; only a stop ends it.
process.on("SIGHUP", () => undefined);

/** Says why there is no daemon, in the command line's own form, and ends. */
function refuse(message: string, hint?: string): never {
  process.stderr.write(`error: ${message}\n${hint === undefined ? "" : `hint: ${hint}\n`}`);
  process.exit(1);
}

const objection = spawnObjection(process.env, process.execArgv);
if (objection !== undefined) refuse(objection.message, objection.hint);

try {
  const home = homeOf(process.env);
  prepareFolders(home);
  const files = [
    systemFile("config.yaml", process.env, process.platform),
    join(home.config, "config.yaml"),
  ];
  const config = loadConfig(files, process.env);
  const lock = await becomeTheDaemon(home);
  if (lock === undefined) {
    const pid = readHolder(home)?.pid;
    const who = pid === undefined ? "hoopxd" : `hoopxd (pid ${pid})`;
    process.stderr.write(`${who} already answers on ${home.socket}\n`);
    process.exit(0);
  }
  const user = userInfo().username;
  const identity = {
    issuer: `os:${hostname()}`,
    subject: user,
    email: null,
    groups: [],
    profile: null,
  };
  await startDaemon({ home, config, lock, identity });
} catch (error) {
  if (error instanceof ConfigError) {
    refuse(error.problems.join("; "), "mend it, then hoopx daemon start");
  }
  if (error instanceof FolderError || error instanceof SqliteMissingError) {
    refuse(error.message, error.hint);
  }
  refuse(error instanceof Error ? error.message : String(error), "hoopx daemon logs");
}
