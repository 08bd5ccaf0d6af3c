/**
 * Where everything lives: the one place that both programs must agree on
 * before they can talk. `HOOPX_HOME` puts all of it below one folder;
 * otherwise the platform's own folders (XDG on Linux).
 */
import { createHash } from "node:crypto";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import envPaths from "env-paths";

export interface Home {
  readonly config: string;
  readonly data: string;
  readonly run: string;
  readonly log: string;
  /** Control socket, or the named pipe on Windows. */
  readonly socket: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Longest path a unix socket's address holds on Linux (108) and macOS (104), less its closing zero. */
const socketPathLimit = 103;

/** The folders and the socket's address for an environment; makes and reads nothing. */
export function homeOf(environment: Environment, platform: string = process.platform): Home {
  const folders = foldersOf(environment);
  return { ...folders, socket: socketOf(folders.run, platform) };
}

/** The user's policy file; it need not be there. */
export const policyFileOf = ({ config }: Pick<Home, "config">) => join(config, "policy.yaml");

/**
 * The file whose lock the daemon holds for life: who holds it is the daemon. Once removed, it no
 * longer keeps another one out, so its holder watches it.
 */
export const lockFileOf = ({ data }: Pick<Home, "data">) => join(data, "hoopxd.lock");

function foldersOf(environment: Environment): Omit<Home, "socket"> {
  const { HOOPX_HOME: home, XDG_RUNTIME_DIR: runtime } = environment;
  if (home !== undefined && home !== "") {
    const top = resolve(home);
    return {
      config: join(top, "config"),
      data: join(top, "data"),
      run: join(top, "run"),
      log: join(top, "log"),
    };
  }
  const paths = envPaths("hoopx", { suffix: "" });
  return {
    config: paths.config,
    data: paths.data,
    run: runtime !== undefined && runtime !== "" ? join(runtime, "hoopx") : join(paths.data, "run"),
    log: paths.log,
  };
}

function socketOf(run: string, platform: string): string {
  const digest = createHash("sha256").update(run).digest("hex").slice(0, 16);
  if (platform === "win32") return `\\\\.\\pipe\\hoopx-${digest}`;
  const socket = join(run, "hoopxd.sock");
  if (Buffer.byteLength(socket) <= socketPathLimit) return socket;
  // A deep home: the socket goes to a folder of the user's own with a short name.
  return join(tmpdir(), `hoopx-${userInfo().uid}`, `${digest}.sock`);
}
