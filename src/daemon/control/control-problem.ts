/**
 * Control problem: why a control request was not done, as an error to throw
 * and as the problem document to answer (RFC 9457).
 */
import type { Problem, ProblemCode } from "../../contract/problem.js";

const statuses: Readonly<Record<ProblemCode, number>> = {
  bad_request: 400,
  not_found: 404,
  conflict: 409,
  already_exists: 409,
  connection_missing: 409,
  secret_missing: 409,
  credential_unavailable: 502,
  secret_store_unavailable: 503,
  secret_store_locked: 423,
  upstream_refused: 502,
  policy_invalid: 422,
  session_over: 410,
  import_refused: 422,
  review_settled: 409,
  review_not_allowed: 403,
  inside_run: 403,
  login_needed: 401,
  login_denied: 403,
  login_expired: 410,
  identity_provider_unavailable: 503,
  identity_provider_refused: 502,
  clock_skewed: 409,
  daemon_stopping: 503,
  too_many_connections: 429,
  store_unavailable: 503,
  fault: 500,
};

/** `message`: one sentence, lower case, no full stop, never a secret. */
export class ControlProblem extends Error {
  readonly code: ProblemCode;
  readonly hint: string | undefined;

  constructor(code: ProblemCode, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ControlProblem";
    this.code = code;
    this.hint = hint;
  }
}

/** The document that says it. */
export function problemDocument({ code, message, hint }: ControlProblem): Problem {
  const document: Problem = {
    type: `https://hoopx.dev/problems/${code}`,
    title: message,
    status: statuses[code],
    code,
  };
  return hint === undefined ? document : { ...document, hint };
}
