/**
 * Client: the control API as typed calls. It starts the daemon where none
 * answers, replaces one of another version once no session needs it, and opens
 * a locked secret store with the passphrase it has or may ask for; commands
 * see none of that.
 */

import type { DaemonView } from "../contract/daemon-view.js";
import { passphraseVariable } from "../contract/key-variables.js";
import { type ResponseOf, type RouteName, routes } from "../contract/routes.js";
import { CliError } from "./cli-error.js";
import type { Door } from "./door/door.js";
import { portTakenText } from "./port-taken.js";
import type { Prompter } from "./prompter.js";
import { type Environment, ensureDaemon, probeDaemon } from "./start-daemon.js";
import { stopDaemon } from "./stop-daemon.js";
import { type Answer, ask, DaemonAbsent, listen, type Parts, pass } from "./wire.js";

type StreamName =
  | "loginStart"
  | "sessionsLease"
  | "conversation"
  | "exchangeFrames"
  | "events"
  | "policyTest";
type BytesName = "mask" | "sessionsExport" | "sessionsImport";
type CallName = Exclude<RouteName, StreamName | BytesName>;

export interface Client {
  /** Calls a route and gives its answer. */
  call<Name extends CallName>(name: Name, parts?: Parts<Name>): Promise<ResponseOf<Name>>;
  /** Calls a route and yields the lines of its stream. */
  stream<Name extends StreamName>(name: Name, parts?: Parts<Name>): AsyncIterable<ResponseOf<Name>>;
  /** Sends bytes to a route and yields those that come back, while both flow. */
  pass<Name extends BytesName>(
    name: Name,
    input: AsyncIterable<Uint8Array>,
    parts?: Parts<Name>,
  ): AsyncIterable<Buffer>;
  /** The daemon that answers, started where none did. */
  connect(signal?: AbortSignal): Promise<DaemonView>;
  /**
   * After the daemon was lost: connects again to whichever answers, of any
   * version, and opens its secret store if this process knows the passphrase.
   */
  reconnect(signal: AbortSignal): Promise<void>;
  /** The daemon that answers, whatever its version; none is started. */
  status(): Promise<DaemonView | undefined>;
  /** Gives the passphrase to the daemon, if this process knows it. */
  unlockIfKnown(): Promise<void>;
}

export interface ClientOptions {
  readonly door: Door;
  /** Path of `hoopxd.js`. */
  readonly program: string;
  readonly version: string;
  readonly environment: Environment;
  readonly prompter: Prompter;
  /** Tells the person something that needs no answer. */
  readonly note: (text: string) => void;
}

type Found = Answer<DaemonView> & { readonly started: boolean };

/** May it be asked again although the daemon may have done it already? */
function repeatable(name: CallName): boolean {
  return routes[name].method === "GET" || name === "sessionsEnd";
}

/** Creates the client for one run of the command line. */
export function createClient(options: ClientOptions): Client {
  const { door, program, environment, prompter, note } = options;
  let connected = false;
  let passphrase = environment[passphraseVariable];

  async function connect(signal?: AbortSignal): Promise<DaemonView> {
    const found = await ensureDaemon({ door, program, environment, signal });
    const answer = await replaced(found);
    connected = true;
    const taken = portTakenText(answer.body);
    if (taken !== undefined && answer.started) {
      note(taken.message);
      note(`  ${taken.hint}`);
    }
    return answer.body;
  }

  /** The daemon itself if it is of our version or in use, else a new one. */
  async function replaced(answer: Found): Promise<Found> {
    const theirs = answer.version ?? answer.body.version;
    if (theirs === options.version) return answer;
    if (answer.body.sessions > 0) {
      note(
        `a daemon of version ${theirs} serves until its sessions end; this is ${options.version}`,
      );
      await ask(door, "daemonStop", { body: { whenIdle: true } });
      return answer;
    }
    await stopDaemon(door);
    return ensureDaemon({ door, program, environment });
  }

  async function unlock(given: string): Promise<void> {
    await ask(door, "unlock", { body: { passphrase: given } });
    passphrase = given;
  }

  async function unlockOrAsk(locked: CliError): Promise<void> {
    if (passphrase !== undefined && passphrase !== "") return unlock(passphrase);
    if (!prompter.interactive) throw locked;
    await unlock(await prompter.hidden("Passphrase of the sealed file"));
  }

  /** Asks, and once more where the daemon was gone, stopping or locked. */
  async function call<Name extends CallName>(
    name: Name,
    parts?: Parts<Name>,
  ): Promise<ResponseOf<Name>> {
    if (!connected) await connect();
    try {
      return (await ask(door, name, parts)).body;
    } catch (error) {
      const code = error instanceof CliError ? error.code : undefined;
      if (error instanceof CliError && code === "secret_store_locked") await unlockOrAsk(error);
      else if (
        error instanceof DaemonAbsent ||
        code === "daemon_stopping" ||
        (code === "daemon_lost" && repeatable(name))
      ) {
        await connect();
      } else throw error;
      return (await ask(door, name, parts)).body;
    }
  }

  return {
    connect,
    call,
    async *stream(name, parts) {
      if (!connected) await connect(parts?.signal);
      try {
        return yield* listen(door, name, parts);
      } catch (error) {
        // A problem comes before any line: nothing is told twice.
        if (!(error instanceof CliError) || error.code !== "secret_store_locked") throw error;
        await unlockOrAsk(error);
      }
      yield* listen(door, name, parts);
    },
    async *pass(name, input, parts) {
      if (!connected) await connect(parts?.signal);
      yield* pass(door, name, input, parts);
    },
    async reconnect(signal) {
      await ensureDaemon({ door, program, environment, signal });
      if (passphrase) await ask(door, "unlock", { body: { passphrase }, signal });
    },
    status: async () => (await probeDaemon(door))?.body,
    async unlockIfKnown() {
      if (!connected) await connect();
      if (passphrase) await unlock(passphrase);
    },
  };
}
