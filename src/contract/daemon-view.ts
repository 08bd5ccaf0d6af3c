/** The daemon as the control API shows it. */
import type { RecordStandingView } from "./record-views.js";

export interface DaemonView {
  readonly pid: number;
  readonly version: string;
  /** Data path port on loopback. */
  readonly port: number;
  /** The port that the settings name, where another program has it; null: none, or it is the one above. */
  readonly portTaken: number | null;
  /** Path of the control socket. */
  readonly socket: string;
  readonly startedAt: string;
  /** How often another program, or a logout, had taken the control socket away; an older daemon does not say it. */
  readonly socketRebinds?: { readonly count: number; readonly lastAt: string | null };
  /** Live sessions. */
  readonly sessions: number;
  /** Pending reviews. */
  readonly reviews: number;
  /** Exchanges that are over and that no search finds yet. */
  readonly unindexed: number;
  readonly home: {
    readonly config: string;
    readonly data: string;
    readonly run: string;
    readonly log: string;
  };
  readonly logFile: string;
  /** Where new secrets go. */
  readonly secretStore: "keychain" | "file";
  /** Where the keys of connections and the refresh tokens of logins are; empty without any. */
  readonly secretStoresInUse: readonly ("keychain" | "file")[];
  readonly draining: boolean;
  readonly policy: PolicyStatusView;
  /** What of connections.yaml cannot be used: one line a problem, with its place. */
  readonly connectionProblems: readonly string[];
  readonly record: RecordStandingView;
  readonly processCheck: {
    /** Why tokens cannot be held to their run's processes here; null where they are. */
    readonly unavailable: string | null;
    /** The daemon's own; runs in another one are not checked. Null outside Linux. */
    readonly pidNamespace: string | null;
  };
}

/** Which policy is in force, and what is wrong with the files it is read from. */
interface PolicyStatusView {
  /** Of organisation and user; a session's project can add to it. */
  readonly hash: string;
  /** Why a file as it is now is not, or not wholly, in force. */
  readonly problems: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly reason: string;
    readonly hint: string | null;
  }[];
}
