/**
 * What the control API answers when it cannot do what was asked: an
 * application/problem+json body (RFC 9457) whose `code` is of a closed list,
 * so that the command line can map it to an exit code and print the hint.
 */
export const problemCodes = [
  "bad_request",
  "not_found",
  "conflict",
  "already_exists",
  "connection_missing",
  "secret_missing",
  "credential_unavailable",
  "secret_store_unavailable",
  "secret_store_locked",
  "upstream_refused",
  "policy_invalid",
  "session_over",
  "import_refused",
  "review_settled",
  "review_not_allowed",
  "inside_run",
  "login_needed",
  "login_denied",
  "login_expired",
  "identity_provider_unavailable",
  "identity_provider_refused",
  "clock_skewed",
  "daemon_stopping",
  "too_many_connections",
  "store_unavailable",
  "fault",
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** RFC 9457 problem details, with the members hoopx adds. */
export interface Problem {
  /** `https://hoopx.dev/problems/<code>`: an identifier, not a page to fetch. */
  readonly type: string;
  /** One sentence, lower case, no full stop, never a secret. */
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  /** The command or edit that mends it; absent where there is none. */
  readonly hint?: string;
}
