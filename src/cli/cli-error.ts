/**
 * CliError: what a command ends with when it cannot do what was asked. It has
 * a code for scripts, one line for people, one line with the command that
 * mends it, and an exit code; the problem codes of the control API map to
 * exit codes here and nowhere else.
 */
import type { Problem, ProblemCode } from "../contract/problem.js";

/** The exit codes of PRODUCT's contract; `run` exits as its child did. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  denied: 3,
  loginNeeded: 4,
  reviewPending: 8,
} as const;

export class CliError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly exitCode: number;
  /** The mistakes that the message counts, a line each; empty where it says all itself. */
  readonly details: readonly string[];

  constructor(
    code: string,
    message: string,
    hint: string,
    options: ErrorOptions & {
      readonly exitCode?: number;
      readonly details?: readonly string[];
    } = {},
  ) {
    super(message, options);
    this.name = "CliError";
    this.code = code;
    this.hint = hint;
    this.exitCode = options.exitCode ?? exitCodes.failed;
    this.details = options.details ?? [];
  }
}

/** The command line was not understood. */
export function usage(message: string, hint: string): CliError {
  return new CliError("usage", message, hint, { exitCode: exitCodes.usage });
}

/** Exit code and the hint for a problem that brings none of its own. */
const problems: Readonly<Record<ProblemCode, readonly [exitCode: number, hint: string]>> = {
  bad_request: [exitCodes.usage, "hoopx --help shows what each command takes"],
  not_found: [exitCodes.failed, "hoopx sessions and hoopx connections list their names"],
  conflict: [exitCodes.failed, "try again"],
  already_exists: [
    exitCodes.failed,
    "hoopx connections rotate NAME changes the key, hoopx connections remove NAME removes it",
  ],
  connection_missing: [exitCodes.failed, "hoopx connections add openai"],
  secret_missing: [exitCodes.failed, "hoopx connections rotate NAME stores the key again"],
  credential_unavailable: [exitCodes.failed, "hoopx connections test NAME tries again"],
  secret_store_unavailable: [
    exitCodes.failed,
    "unlock the keychain, or choose the sealed file with --secret-store file",
  ],
  secret_store_locked: [
    exitCodes.failed,
    "set HOOPX_PASSPHRASE, or run the command on a terminal to be asked",
  ],
  upstream_refused: [exitCodes.failed, "hoopx connections test NAME says what came back"],
  policy_invalid: [exitCodes.failed, "hoopx policy check FILE shows everything wrong with it"],
  session_over: [exitCodes.failed, "hoopx sessions --status active lists running sessions"],
  import_refused: [exitCodes.failed, "export the session again where it came from"],
  review_settled: [exitCodes.failed, "hoopx reviews lists pending reviews"],
  review_not_allowed: [exitCodes.denied, "have another reviewer answer it"],
  inside_run: [exitCodes.denied, "do it in a terminal of your own, outside of any hoopx run"],
  login_needed: [exitCodes.loginNeeded, "hoopx login"],
  login_denied: [exitCodes.denied, "hoopx login starts again"],
  login_expired: [exitCodes.loginNeeded, "hoopx login starts again"],
  identity_provider_unavailable: [exitCodes.failed, "check the network, then try again"],
  identity_provider_refused: [exitCodes.failed, "check --issuer, --client-id and --scope"],
  clock_skewed: [exitCodes.failed, "set this machine's clock right"],
  too_many_connections: [exitCodes.failed, "end other hoopx commands of this run, then try again"],
  daemon_stopping: [exitCodes.failed, "try again in a moment"],
  store_unavailable: [exitCodes.failed, "free disk space, then hoopx daemon restart"],
  fault: [exitCodes.failed, "hoopx daemon logs tells more"],
};

/** The error that a problem of the control API becomes. */
export function fromProblem(problem: Problem): CliError {
  // A newer daemon may know codes that this command line does not.
  const [exitCode, hint] = problems[problem.code] ?? problems.fault;
  return new CliError(problem.code, problem.title, problem.hint ?? hint, { exitCode });
}
