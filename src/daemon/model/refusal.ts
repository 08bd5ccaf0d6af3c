/**
 * Refusal: an expected stop of an exchange. The codes are one closed table;
 * each is told in docs/errors.md, and a test holds the two together.
 *
 * Policy refusals answer 400: every LLM client measured shows its message and
 * none tries again, while 401, 403, 409, 429 and 5xx are retried by some.
 */
import type { Outcome } from "../../contract/outcome.js";
import type { CallingProcess } from "./calling-process.js";
import { plainSentence, quoted, type SentencePart } from "./sentence.js";

interface RefusalEntry {
  readonly status: number;
  /** May the client's own retry help? If not, `x-should-retry: false` says so. */
  readonly retry: boolean;
  /** Seconds before the client's retry; absent: it has its own pace. */
  readonly retryAfter?: number;
  /** What mends it, for the message's second half; empty where nothing does. EXCHANGE stands for the exchange's id. */
  readonly hint: string;
  /** How the record tells an exchange that ended so. */
  readonly outcome: Outcome;
}

const entry =
  (retry: boolean) =>
  (status: number, hint: string, outcome: Outcome = "refused"): RefusalEntry => ({
    ...{ status, retry, hint, outcome },
  });
const no = entry(false);
const yes = entry(true);

export const refusals = {
  // accept
  request_malformed: no(400, "send a well-formed HTTP/1.1 request"),
  host_not_allowed: no(403, "use the base URL that hoopx run sets"),
  origin_not_allowed: no(403, "browsers may not use the data path"),
  path_not_allowed: no(
    400,
    "send the path plain: no dot segments, double slashes, backslashes or encoded slashes",
  ),
  method_not_allowed: no(405, "use GET, HEAD, POST, PUT, PATCH or DELETE"),
  headers_too_large: no(431, "send fewer or shorter headers"),
  body_too_large: no(413, "raise limits.bodyBytes in config.yaml"),
  body_too_many_values: no(413, "send fewer values, or raise limits.jsonValues in config.yaml"),
  body_unpacks_too_far: no(
    413,
    "send the body less compressed, or raise limits.unpackRatio in config.yaml",
  ),
  bodies_too_large: yes(
    503,
    "wait for the running requests, or raise limits.allBodiesBytes in config.yaml",
  ),
  body_timeout: no(408, "send the body faster"),
  too_many_exchanges: yes(429, "wait for the session's running requests"),
  upgrade_unsupported: no(426, "WebSockets are not carried yet; use HTTP"),
  // The SDKs try twice within two seconds: too early for a daemon that waits for streams and starts again.
  daemon_stopping: { ...yes(503, "the daemon is stopping; try again"), retryAfter: 6 },
  // authenticate
  token_missing: no(401, "start the agent with hoopx run -- CMD"),
  token_unknown: no(401, "start the agent with hoopx run -- CMD"),
  token_outside_run: no(
    401,
    "a session token works only in the processes that its hoopx run started; give that program a run of its own",
  ),
  session_over: no(401, "start the agent again with hoopx run -- CMD"),
  connection_unknown: no(
    404,
    "hoopx connections lists the connections; hoopx run --connection NAME adds one to the session",
  ),
  // classify
  encoding_unsupported: no(415, "send the body plain, or with one of gzip, deflate and br"),
  body_unreadable: no(400, "send the body as the provider's API reference has it"),
  // recall
  replay_missed: no(
    400,
    "hoopx replay --on-miss nearest or live answers it all the same; --ignore leaves out what may differ",
  ),
  // decide, approve
  policy_denied: no(400, "why: hoopx policy explain EXCHANGE", "denied"),
  review_required: no(400, "a person has to agree, and no person can be asked", "denied"),
  review_denied: no(400, "ask the reviewer who denied it", "denied-by-reviewer"),
  review_expired: no(400, "ask for it again while a reviewer is there to answer", "expired"),
  review_pending: no(400, "once it is answered, ask again: the answer is kept", "expired"),
  too_many_reviews: no(400, "approve or deny pending reviews: hoopx reviews"),
  reply_from_the_middle: no(
    400,
    "ask for the whole reply, without starting_after: a secret that is read from its middle cannot be found",
  ),
  operation_unknown: no(
    400,
    'hoopx does not know this operation; a rule may name it: operations: ["METHOD /path"]',
    "denied",
  ),
  // inject
  credential_unavailable: no(503, "hoopx connections test NAME says what is wrong", "failed"),
  // forward
  upstream_address_denied: no(
    403,
    "hoopx connections add … --allow-private-network permits a private address",
  ),
  upstream_unreachable: yes(502, "check the network and hoopx connections test NAME", "failed"),
  upstream_busy: yes(
    503,
    "wait for running requests, or raise limits.upstreamConnections",
    "refused",
  ),
  upstream_timeout: yes(504, "the upstream did not answer in time", "failed"),
  // gate
  tool_call_denied: no(400, "why: hoopx policy explain EXCHANGE", "denied"),
  reply_unreadable: no(
    502,
    "this reply cannot be searched for tool calls or secrets, as the policy wants: ask for JSON or a stream of events, uncompressed",
  ),
  // record
  record_unavailable: yes(
    503,
    "the transcript cannot be written: free disk space, then hoopx daemon status",
  ),
  fault: no(500, "hoopx daemon logs tells more", "failed"),
} as const satisfies Record<string, RefusalEntry>;

export type RefusalCode = keyof typeof refusals;

/** What the record says of a reply that began and did not end well, with its outcome. */
export const endings = {
  truncated: "cut",
  client_left: "cut",
  session_ended: "cut",
  upstream_error: "failed",
} as const satisfies Record<string, Outcome>;

export type EndingCode = keyof typeof endings;
/** How an exchange that had begun to be answered can end short. */
type CutShort = Exclude<EndingCode, "upstream_error">;

/** The exchange stopped and no client is left to tell: the client left, its session ended, or the daemon stops. */
export class Abandoned extends Error {
  readonly code: CutShort;

  constructor(code: CutShort) {
    super(`the exchange was abandoned: ${code}`);
    this.name = "Abandoned";
    this.code = code;
  }
}

/** The outcome of an exchange that ended with this code; `failed` for a code of another version. */
export function outcomeOfCode(code: string): Outcome {
  if (code in endings) return endings[code as EndingCode];
  return code in refusals ? refusals[code as RefusalCode].outcome : "failed";
}

/** An exchange's place in a session, where one is known before the exchange got that far. */
export interface RefusalPlace {
  readonly sessionId: string;
  readonly seq: number;
  /** Who asked, where that is known. */
  readonly process?: CallingProcess | null;
}

export interface RefusalOptions extends ErrorOptions {
  readonly place?: RefusalPlace | undefined;
  /** What mends it, where that is known better than by the code. */
  readonly hint?: string | undefined;
}

export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly status: number;
  readonly retry: boolean;
  readonly retryAfter: number | undefined;
  readonly hint: string;
  readonly place: RefusalOptions["place"];
  /** What of the message hoopx says itself; the rest is masked before it is shown. */
  readonly parts: readonly SentencePart[];

  /** `message`: one sentence, lower case, no full stop, never a secret. A string counts as quoted. */
  constructor(
    code: RefusalCode,
    message: string | readonly SentencePart[],
    options?: RefusalOptions,
  ) {
    const parts = typeof message === "string" ? [quoted(message)] : message;
    super(plainSentence(parts), options);
    this.parts = parts;
    this.name = "Refusal";
    this.place = options?.place;
    this.code = code;
    const entry: RefusalEntry = refusals[code];
    this.status = entry.status;
    this.retry = entry.retry;
    this.retryAfter = entry.retryAfter;
    this.hint = options?.hint ?? entry.hint;
  }
}

/** Errors of the rooms below name the refusal they mean by their `code`. */
export function refusalCodeOf(error: unknown): RefusalCode | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && Object.hasOwn(refusals, code)
    ? (code as RefusalCode)
    : undefined;
}

/** What the client of an exchange is told of its refusal. */
export function noticeOf({ code, status, message, hint }: Refusal, exchangeId: string) {
  return { code, status, message, hint: hint.replace("EXCHANGE", exchangeId), exchangeId };
}
