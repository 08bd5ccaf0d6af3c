/**
 * Keychain: the operating system's own secret store, through @napi-rs/keyring.
 * On Linux it is pinned to the Secret Service: the library's default falls back
 * without a word to kernel keys, which are gone at the next reboot.
 *
 * Before first use a canary is written, read and deleted, so that a keychain
 * which cannot keep a secret is refused with its reason. Every call has a time
 * limit; calls take their turn, so a keychain that hangs holds one thread of
 * Node's pool and never all of them.
 */
import { createHash, randomBytes } from "node:crypto";
import { Secret } from "../model/secret.js";
import { keychainError, keychainFailure } from "./keychain-fault.js";
import { type SecretStore, SecretStoreError } from "./secret-store.js";
import { within } from "./within.js";

/** One account's entry, as the library has it. */
interface KeychainEntry {
  getPassword(signal: AbortSignal): Promise<string | null>;
  setPassword(text: string, signal: AbortSignal): Promise<void>;
  deletePassword(signal: AbortSignal): Promise<boolean>;
}

export interface KeychainOptions {
  /** Keeps two homes apart in one keychain: any text that is this home's own, such as its folder. */
  readonly scope: string;
  /** Milliseconds that one call may take, waiting for its turn included. */
  readonly timeout?: number;
  /** Loads the library; a test brings its own. */
  readonly load?: () => Promise<(account: string) => KeychainEntry>;
  /** Milliseconds on a clock that only goes forward. */
  readonly now?: () => number;
}

/**
 * Windows holds 2,560 bytes of UTF-16 an entry. Longer texts are cut into
 * parts everywhere: one mechanism, tested on every system.
 */
const partLength = 1200;
/** How long reads take a hung keychain's word for it: opening an entry of one blocks the event loop for 2 s. */
const hungFor = 15_000;

/** Creates the store; touches neither library nor keychain until it is used. */
export function createKeychainStore(options: KeychainOptions): SecretStore {
  const { timeout = 20_000, load = loadKeyring, now = () => performance.now() } = options;
  const scope = createHash("sha256").update(options.scope).digest("hex").slice(0, 12);
  const entries = new Map<string, KeychainEntry>();
  let opener: Promise<(account: string) => KeychainEntry> | undefined;
  let probed = false;
  let hung: { readonly error: SecretStoreError; readonly at: number } | undefined;
  let tail: Promise<unknown> = Promise.resolve();

  async function entryOf(name: string): Promise<KeychainEntry> {
    opener ??= load();
    const open = await opener;
    const account = `${scope}/${name}`;
    const entry = entries.get(account) ?? open(account);
    entries.set(account, entry);
    return entry;
  }

  async function probe(signal: AbortSignal): Promise<void> {
    if (probed) return;
    const entry = await entryOf(".canary");
    const text = randomBytes(8).toString("hex");
    await entry.setPassword(text, signal);
    if ((await entry.getPassword(signal)) !== text) {
      throw keychainError("unsupported", "it did not give back what was stored");
    }
    await entry.deletePassword(signal);
    probed = true;
  }

  /** Runs a job against a keychain that was probed, in its turn and within the time limit. */
  async function inTurn<Result>(job: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const signal = AbortSignal.timeout(timeout);
    const turn = tail.then(async () => {
      signal.throwIfAborted();
      await probe(signal);
      return job(signal);
    });
    // The next one waits for the library itself, not for our patience with it.
    tail = turn.catch(() => undefined);
    try {
      const result = await within(signal, turn);
      hung = undefined;
      return result;
    } catch (thrown) {
      const error = keychainFailure(thrown);
      // What was open may be of a service that is gone: the next call starts again, probe included.
      probed = false;
      entries.clear();
      if (error.fault === "timeout") hung = { error, at: now() };
      throw error;
    }
  }

  async function read(name: string, signal: AbortSignal): Promise<string | undefined> {
    const head = await (await entryOf(name)).getPassword(signal);
    if (head === null) return undefined;
    if (head.startsWith("text:")) return head.slice("text:".length);
    const parts: string[] = [];
    for (const part of partsOf(name, head)) {
      parts.push((await (await entryOf(part)).getPassword(signal)) ?? "");
    }
    const bytes = Buffer.from(parts.join(""), "base64");
    const [, , digest] = head.split(":").slice(1);
    if (digest === undefined || digestOf(bytes) !== digest) {
      throw new SecretStoreError(
        "damaged",
        `the keychain's entry ${name} is not whole`,
        "give the secret again with hoopx connections rotate NAME",
      );
    }
    return bytes.toString("utf8");
  }

  async function drop(names: readonly string[], signal: AbortSignal): Promise<void> {
    for (const name of names) {
      await (await entryOf(name)).deletePassword(signal);
      entries.delete(`${scope}/${name}`);
    }
  }

  return {
    name: "keychain",

    async get(name) {
      // Reads come with every request of an agent; a person's set or delete always tries again.
      if (hung !== undefined && now() - hung.at < hungFor) throw hung.error;
      const text = await inTurn((signal) => read(name, signal));
      return text === undefined ? undefined : new Secret(text);
    },

    set: (name, secret) =>
      inTurn(async (signal) => {
        const entry = await entryOf(name);
        const old = partsOf(name, await entry.getPassword(signal));
        const { head, parts } = written(secret.reveal());
        // Parts first, then the head that names them: what is cut short leaves the old secret whole.
        for (const [index, part] of partsOf(name, head).entries()) {
          await (await entryOf(part)).setPassword(parts[index] ?? "", signal);
        }
        await entry.setPassword(head, signal);
        await drop(old, signal);
      }),

    delete: (name) =>
      inTurn(async (signal) => {
        const head = await (await entryOf(name)).getPassword(signal);
        await drop([name, ...partsOf(name, head)], signal);
      }),
  };
}

/** `text:TEXT`, or `parts:COUNT:GENERATION:DIGEST` and the base64 of the text in COUNT entries more. */
function written(text: string): { readonly head: string; readonly parts: readonly string[] } {
  if (text.length <= partLength - "text:".length) return { head: `text:${text}`, parts: [] };
  const bytes = Buffer.from(text);
  const parts = bytes.toString("base64").match(new RegExp(`.{1,${partLength}}`, "g")) ?? [];
  const generation = randomBytes(4).toString("hex");
  return { head: `parts:${parts.length}:${generation}:${digestOf(bytes)}`, parts };
}

/** Names of the entries that a head speaks of. A space is in no name of ours, so none can collide. */
function partsOf(name: string, head: string | null): readonly string[] {
  const [, count = "0", generation] = /^parts:(\d{1,4}):([0-9a-f]{8}):/.exec(head ?? "") ?? [];
  return Array.from({ length: Number(count) }, (_, index) => `${name} ${generation}.${index}`);
}

function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

async function loadKeyring(): Promise<(account: string) => KeychainEntry> {
  const { AsyncEntry } = await import("@napi-rs/keyring").catch(() => {
    throw keychainError("unsupported", "its library does not load");
  });
  return (account) => {
    const entry = new AsyncEntry("hoopx", account, { linux: { store: "secret-service" } });
    // A signal of its own for each call: the library takes over the one it is given.
    return {
      getPassword: (signal) => entry.getPassword(AbortSignal.any([signal])),
      setPassword: (text, signal) => entry.setPassword(text, AbortSignal.any([signal])),
      deletePassword: (signal) => entry.deletePassword(AbortSignal.any([signal])),
    };
  };
}
