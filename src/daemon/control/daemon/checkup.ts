/**
 * Checkup: what the daemon can find out about its surroundings for `hoopx
 * doctor`: its settings, its record, secret stores, the process check, the identity provider. Every
 * check ends within its limit and says what mends it; none changes anything.
 */
import type { CheckupView, CheckView } from "../../../contract/checkup-views.js";
import type { RecordStandingView } from "../../../contract/record-views.js";
import type { ProcessChecker } from "../../processes/process-check.js";
import type { TerminalInput } from "../../processes/terminal-input.js";
import type { SecretStore } from "../../secrets/secret-store.js";
import type { Actor } from "../caller.js";
import { clockAhead } from "./clock.js";

export interface CheckupOptions {
  readonly stores: Readonly<Record<"keychain" | "file", Pick<SecretStore, "get">>>;
  /** Where new secrets go. */
  readonly secretStore: "keychain" | "file";
  /** Where keys and refresh tokens are. */
  readonly storesInUse: () => Promise<readonly ("keychain" | "file")[]>;
  readonly processCheck: Pick<ProcessChecker, "unavailable">;
  /** Why callers of the control API cannot be told from agents; null where they can. */
  readonly callersUnavailable: () => Promise<string | null>;
  /** May a program type into the terminal that it runs in? Undefined where that makes no difference. */
  readonly terminalInput: () => TerminalInput | undefined;
  /** Is the record the one that was sealed last? */
  readonly record: () => RecordStandingView;
  /** The settings files as they are now, against the settings in use. */
  readonly settings: () => {
    readonly file: string;
    readonly problems: readonly string[];
    readonly changed: boolean;
  };
  readonly identityProvider: {
    /** Undefined: none is configured. */
    readonly issuer: () => Promise<string | undefined>;
    readonly fetch: (url: string, init: { readonly signal: AbortSignal }) => Promise<Response>;
  };
  readonly now: () => Date;
  /** Milliseconds for what is asked over the network. */
  readonly limit: number;
}

/** `actor`: the command line that asks. */
export type Checkup = (actor: Pick<Actor, "proof">, signal: AbortSignal) => Promise<CheckupView>;

const ok = (name: string, message: string): CheckView => ({
  name,
  outcome: "ok",
  message,
  hint: null,
});
const skipped = (name: string, message: string, hint: string | null = null): CheckView => ({
  name,
  outcome: "skipped",
  message,
  hint,
});
const failed = (name: string, message: string, hint: string): CheckView => ({
  name,
  outcome: "failed",
  message,
  hint,
});

const warning = (name: string, message: string, hint: string): CheckView => ({
  name,
  outcome: "warning",
  message,
  hint,
});

const keychains: Readonly<Record<string, string>> = {
  linux: "the Secret Service",
  darwin: "the macOS keychain",
  win32: "the Windows Credential Manager",
};

/** Creates the checkup. */
export function createCheckup(options: CheckupOptions): Checkup {
  const { stores } = options;
  /** By a connection or a login; while there is none, by the first to come. */
  async function used(store: "keychain" | "file"): Promise<boolean> {
    const stored = await options.storesInUse();
    return stored.length === 0 ? options.secretStore === store : stored.includes(store);
  }

  async function storeCheck(store: "keychain" | "file"): Promise<CheckView> {
    const name = store === "keychain" ? "keychain" : "sealed file";
    const what = store === "keychain" ? (keychains[process.platform] ?? "the keychain") : "it";
    // One that was not chosen may not exist; a keychain is worth knowing of before it is chosen.
    const inUse = await used(store);
    if (store === "file" && !inUse) return skipped(name, "not in use");
    try {
      // A name that is not in use: the store shows that it can be used, the keychain with a canary.
      await stores[store].get(".doctor");
      return ok(name, store === "keychain" ? `${what} keeps secrets` : "opens");
    } catch (error) {
      const { message, hint } = told(error);
      // Nothing needs it: worth saying, no reason to fail.
      return inUse ? failed(name, message, hint) : skipped(name, `not in use (${message})`);
    }
  }

  function processCheck({ proof }: Pick<Actor, "proof">): CheckView {
    const name = "process check";
    const { unavailable } = options.processCheck;
    const anywhere = "a session's token works from any process";
    if (unavailable !== null) return skipped(name, `${anywhere}: ${unavailable}`);
    if (proof.kind === "untold") return skipped(name, `${anywhere}: ${proof.why}`);
    if (proof.kind === "hidden") {
      return skipped(
        name,
        `${anywhere}: the daemon runs in another pid namespace than this shell`,
        "run hoopx and its daemon on the same side of the container",
      );
    }
    return ok(name, "a session's token works in its run's own processes only");
  }

  function recordCheck(): CheckView {
    const { state, message, hint } = options.record();
    if (state === "anchored") return ok("record", "goes on from the head in the secret store");
    if (state === "not-anchored")
      return skipped("record", "the secret store has no head of it yet");
    if (state === "not-checked") return skipped("record", message ?? "not checked", hint);
    return failed("record", message ?? state, hint ?? "hoopx sessions verify");
  }

  /** The daemon may have been started before the files were edited. */
  function settingsChecks(): readonly CheckView[] {
    const name = "settings";
    const { file, problems, changed } = options.settings();
    if (problems.length > 0) {
      const hint = "mend that line: the daemon would not start again with it";
      return problems.map((problem) => failed(name, problem, hint));
    }
    if (!changed) return [ok(name, file)];
    const why = `${file} changed after the daemon started, and is not in use yet`;
    return [warning(name, why, "hoopx daemon restart")];
  }

  async function reviewerCheck(): Promise<CheckView> {
    const why = await options.callersUnavailable();
    return why === null
      ? ok("reviewers", "a process inside a run cannot answer reviews")
      : skipped("reviewers", `a process inside a run could answer its own reviews: ${why}`);
  }

  async function providerCheck(
    signal: AbortSignal,
  ): Promise<{ check: CheckView; clocks: CheckupView["clocks"] }> {
    const name = "identity provider";
    const issuer = await options.identityProvider.issuer();
    if (issuer === undefined) return { check: skipped(name, "not configured"), clocks: [] };
    const host = URL.canParse(issuer) ? new URL(issuer).host : issuer;
    const hint = "check the issuer's address and the network, then hoopx login";
    const limit = AbortSignal.timeout(options.limit);
    try {
      // OpenID Connect Discovery 1.0, 4.
      const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
      const reply = await options.identityProvider.fetch(url, {
        signal: AbortSignal.any([signal, limit]),
      });
      const aheadMs = clockAhead(reply.headers.get("date"), options.now());
      const clocks = aheadMs === null ? [] : [{ host, aheadMs }];
      const found = objection(issuer, reply.status, await reply.text());
      const check =
        found === undefined
          ? ok(name, `${issuer} answers`)
          : failed(name, `${issuer}: ${found}`, hint);
      return { check, clocks };
    } catch (error) {
      signal.throwIfAborted();
      const why = limit.aborted ? `no answer within ${options.limit / 1000} s` : reasonOf(error);
      return { check: failed(name, `${issuer}: ${why}`, hint), clocks: [] };
    }
  }

  function terminalCheck(): readonly CheckView[] {
    const name = "terminal";
    const input = options.terminalInput();
    if (input === undefined) return [];
    if (input === "closed") return [ok(name, "no agent can type into the shell that started it")];
    const why = "an agent that runs in your terminal can type `hoopx approve` into your shell";
    const hint =
      input === "open"
        ? "sudo sysctl -w dev.tty.legacy_tiocsti=0 (and a line in /etc/sysctl.d keeps it)"
        : "this kernel cannot forbid it (Linux 6.2 can): start agents where no shell reads, as in script -qc 'hoopx run -- CMD' /dev/null";
    return [warning(name, why, hint)];
  }

  return async function checkup(actor, signal) {
    const [keychain, file, reviewers, provider] = await Promise.all([
      storeCheck("keychain"),
      storeCheck("file"),
      reviewerCheck(),
      providerCheck(signal),
    ]);
    const stored = [recordCheck(), keychain, file];
    const checks = [
      ...settingsChecks(),
      ...stored,
      processCheck(actor),
      reviewers,
      ...terminalCheck(),
      provider.check,
    ];
    return { checks, clocks: provider.clocks };
  };
}

/** What is wrong with a discovery document; undefined where nothing is. */
function objection(issuer: string, status: number, text: string): string | undefined {
  if (status !== 200) return `its discovery document is answered with ${status}`;
  let document: Readonly<Record<string, unknown>>;
  try {
    document = JSON.parse(text);
  } catch {
    return "its discovery document is not JSON";
  }
  if (document.issuer !== issuer) return "its discovery document names another issuer";
  for (const key of ["token_endpoint", "jwks_uri"]) {
    if (typeof document[key] !== "string") return `its discovery document has no ${key}`;
  }
  return undefined;
}

/** The rooms below say message and hint themselves; of anything else only its kind is shown. */
function told(error: unknown): { readonly message: string; readonly hint: string } {
  const hint =
    error instanceof Error && "hint" in error ? String(error.hint) : "hoopx daemon logs tells more";
  return { message: reasonOf(error), hint };
}

function reasonOf(error: unknown): string {
  const causes = [error, error instanceof Error ? error.cause : undefined];
  for (const cause of causes.reverse()) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (/^E[A-Z_]+$/.test(code)) return `unreachable: ${code}`;
  }
  return error instanceof Error ? error.message : "unknown";
}
