/**
 * Command: a program of the user's prints the credential and when it ends, as
 * the helpers of git and aws do. It runs with a minimal environment and without
 * input; its time and output are bounded, and when either is over, it and all
 * that it started are ended. What it says on stderr is not read: it may hold
 * what it was asked for.
 */
import { spawn } from "node:child_process";
import type { Connection } from "../model/connection.js";
import { claim, createBearer } from "./bearer.js";
import { type PrintedCredential, readPrinted } from "./printed-credential.js";
import { createSignature } from "./sigv4.js";
import { type Credential, CredentialError, type CredentialSource, configOf } from "./source.js";

export interface CommandOptions {
  /** The daemon's own; what is on no list is not passed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where it runs. */
  readonly folder: string;
  /** Milliseconds it may run. */
  readonly limit: number;
  readonly now: () => Date;
}

const outputLimit = 65_536;

const passed = new Set([
  ...["PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "XDG_CONFIG_HOME"],
  // where a password manager finds its agent
  ...["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY"],
  // what Windows cannot do without
  ...["SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "APPDATA", "LOCALAPPDATA", "USERPROFILE"],
  ...["PROGRAMDATA", "TEMP", "TMP", "PATHEXT", "COMSPEC", "USERNAME"],
]);

/** Creates the source that runs programs. */
export function createCommandSource(options: CommandOptions): CredentialSource {
  const { now } = options;
  return {
    async obtain(connection, identity, signal) {
      const { command } = configOf(connection, "command");
      const environment = {
        ...environmentFrom(options.environment),
        HOOPX_CONNECTION: connection.name,
        HOOPX_SUBJECT: identity.subject,
      };
      const text = await output(connection, command, environment, options, signal);
      return credentialOf(connection, readPrinted(text, connection, now()), now);
    },
  };
}

function environmentFrom(own: CommandOptions["environment"]): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    const upper = name.toUpperCase();
    if (value !== undefined && (passed.has(upper) || upper.startsWith("LC_"))) kept[name] = value;
  }
  return kept;
}

function output(
  { name }: Connection,
  command: string,
  env: Record<string, string>,
  { folder, limit }: CommandOptions,
  caller: AbortSignal,
): Promise<string> {
  const timeout = AbortSignal.timeout(limit);
  const signal = AbortSignal.any([caller, timeout]);
  const fail = (what: string, cause?: unknown) =>
    new CredentialError(
      `the credential command of connection ${name} ${what}`,
      "run it by itself to see why; it must print the credential and end",
      { cause },
    );
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(command, {
      shell: true,
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "ignore"],
      // A group of its own: what the shell started ends with it.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    let text = "";
    const stop = (reason: unknown) => {
      end(child.pid);
      child.stdout.destroy();
      settle(() => reject(reason));
    };
    const onAbort = () =>
      stop(caller.aborted ? caller.reason : fail(`took longer than ${limit / 1000} s`));
    const settle = (act: () => void) => {
      signal.removeEventListener("abort", onAbort);
      act();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (chunk: string) => {
      text += chunk;
      if (text.length > outputLimit) stop(fail(`printed more than ${outputLimit} characters`));
    });
    child.on("error", (error) => settle(() => reject(fail("could not be started", error))));
    child.on("close", (code) =>
      settle(() => {
        if (code === 0) resolve(text);
        else reject(fail(`ended with ${code === null ? "a signal" : `exit code ${code}`}`));
      }),
    );
  });
}

/** Ends the group; one that has ended already is no error. */
function end(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It was faster.
  }
}

function credentialOf(
  connection: Connection,
  printed: PrintedCredential,
  now: () => Date,
): Credential {
  const { lifetime } = printed;
  if (printed.kind === "token") {
    const seenAs = claim(printed.token, "email", "sub");
    return createBearer({ connection, token: printed.token, lifetime, seenAs, now });
  }
  const { region, service = "bedrock" } = configOf(connection, "command");
  if (region === undefined) {
    throw new CredentialError(
      `the credential command of connection ${connection.name} prints AWS keys, and no region to sign for is set`,
      "add the connection again with --region REGION",
    );
  }
  const { keys } = printed;
  const seenAs = `access key ${keys.accessKeyId}`;
  return createSignature({ connection, keys, region, service, lifetime, seenAs, ahead: 0, now });
}
