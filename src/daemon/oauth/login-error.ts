/**
 * Login error: why there is no identity or no token. It names the problem of
 * the control API it stands for and, on the data path, the refusal; message
 * and hint never hold a token.
 */
export type LoginProblem =
  /** There is no login, or it is over: a person or pipeline has to log in. */
  | "login_needed"
  /** The person, or the provider for them, said no. */
  | "login_denied"
  /** The code was not entered in time. */
  | "login_expired"
  /** The identity provider does not answer, or has trouble of its own. */
  | "identity_provider_unavailable"
  /** It answers, and what it says cannot be used. */
  | "identity_provider_refused"
  /** Its clock and this machine's are too far apart. */
  | "clock_skewed"
  /** A setting, file or flag is not of the right form. */
  | "bad_request";

/** `message`: one sentence, lower case, no full stop, never a secret. */
export class LoginError extends Error {
  /** The refusal it means on the data path. */
  readonly code = "credential_unavailable";
  readonly problem: LoginProblem;
  readonly hint: string;

  constructor(problem: LoginProblem, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LoginError";
    this.problem = problem;
    this.hint = hint;
  }
}

/** The command that logs a profile in. */
export function loginCommand(profile: string, known: boolean): string {
  const settings = known ? "" : " --issuer URL --client-id ID";
  return `hoopx login${settings}${profile === "default" ? "" : ` --profile ${profile}`}`;
}
