/**
 * Session start: what a run, or a re-run, asks for, and what it gets.
 */
import type { ProfileChoice } from "./identity-requests.js";
import type { ReplayChoice } from "./replay-views.js";
import type { CiView, GitView, SessionView } from "./views.js";

export interface StartSession {
  /** Whose it is. */
  readonly login?: ProfileChoice;
  /** Connections by name; empty: every one, where that is not ambiguous. */
  readonly connections: readonly string[];
  /** Lifetime of the session token, seconds. */
  readonly ttlSeconds: number;
  readonly title?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What the runner says of itself. Linux tells the runner, its folder and its user: there the daemon asks the kernel. */
  readonly process: {
    /** `hoopx run` itself: the session dies with it. Counts only where the kernel does not tell who asks. */
    readonly runnerPid?: number;
    readonly command: string;
    readonly cwd: string;
    readonly host: string;
    readonly user: string;
    /** Absent or null: no repository. */
    readonly git?: GitView | null;
    /** Absent or null: no CI job. */
    readonly ci?: CiView | null;
  };
  /** It runs against the record of another. */
  readonly replay?: ReplayChoice;
  /** SHA-256 (hex) of each value of the child's environment, by name, to find stored secrets in it. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface StartedSession {
  readonly session: SessionView;
  /** Never shown: it goes into the child's environment and nowhere else. */
  readonly token: string;
  /** Variables to set in the child's environment, the token included. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables whose value is a stored secret: to be removed. */
  readonly remove: readonly string[];
  /** What the person should know before it begins: a policy file that cannot be used. */
  readonly notes?: readonly string[];
  /** How the run may call for attention when a review waits. */
  readonly notices: { readonly bell: boolean; readonly notify: boolean };
}
