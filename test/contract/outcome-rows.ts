/**
 * Outcome rows: for each outcome, requests that end with it on the real path,
 * and what every view has to say of them. The keys are the closed list: an
 * outcome without a row does not compile.
 */
import type { ServerResponse } from "node:http";
import type { Outcome } from "../../src/contract/outcome.js";
import type { ReviewTerms, Verdict } from "../../src/daemon/model/decision.js";
import { Refusal } from "../../src/daemon/model/refusal.js";
import type { Review } from "../../src/daemon/model/review.js";
import type { Desk } from "../../src/daemon/reviews/desk.js";
import type { ReviewDesk } from "../../src/daemon/reviews/review-desk.js";
import { response, responseStream } from "../support/tool-call-replies.js";

export interface Told {
  /** `denied 400`: in lists, headings and lines. */
  readonly shown: string;
  readonly status: number | null;
  readonly error: string | null;
  /** Behind the ✗ of a transcript; null: there is none. */
  readonly stop: string | null;
  /** OpenTelemetry's `error.type`; null: the span is no error. */
  readonly errorType: string | null;
  /** The line below it on a terminal begins so; null: there is none. */
  readonly why: string | null;
  /** What a person answered to its review; absent: no person did. */
  readonly answered?: "approved" | "denied";
  /** Counts of the session, besides `exchanges` and its own outcome's, that it adds to. */
  readonly counts: readonly ("allowed" | "denied" | "reviewed" | "errors")[];
}

export interface Row extends Told {
  readonly name: string;
  /** Of the request; absent: it is allowed. */
  readonly verdict?: Verdict;
  /** Of its calls of `delete_file`; absent: no rule speaks of calls. */
  readonly call?: Verdict;
  /** Absent: a short JSON reply. */
  readonly reply?: (answer: ServerResponse, leave: () => void) => void;
  readonly body?: string;
  /** The client leaves: when this is in its reply, or as soon as a review waits. */
  readonly leaves?: string | "at the review";
  /** Once a review waits. */
  readonly answer?: (desk: ReviewDesk, review: Review) => unknown;
  readonly desk?: Desk;
  /** Absent: the session's. */
  readonly token?: "none" | "unknown" | "over";
  /** Who calls is no process of the run. */
  readonly outsider?: true;
  /** Absent: one that the session has. */
  readonly connection?: string;
  /** It runs until the row after it is over. */
  readonly stays?: true;
  /** Its operation is not the usual one. */
  readonly action?: string;
}

const json = { "content-type": "application/json" };
const events = { "content-type": "text/event-stream" };
const text = JSON.stringify({ ...response, output: [response.output[0]] });
const said = 'event: response.created\ndata: {"type":"response.created"}\n\n';
const whole = JSON.stringify(response);

const replied =
  (body: string, status = 200, head: Record<string, string> = json) =>
  (answer: ServerResponse) => {
    answer.writeHead(status, { ...head, "content-length": Buffer.byteLength(body) }).end(body);
  };
/** Writes this and breaks off. */
const broken =
  (body: string, head: Record<string, string> = events) =>
  (answer: ServerResponse) => {
    answer.writeHead(200, head);
    answer.write(body, () => answer.destroy());
  };
/** Writes this and stays. */
const held = (body: string) => (answer: ServerResponse) => {
  answer.writeHead(200, events);
  answer.write(body);
};
export const plainReply = replied(text);
const calls = replied(whole);
const streamed = replied(responseStream, 200, events);

const file = "/home/ada/policy.yaml";
const from = (rule: string, reason: string) => ({
  ...{ rule, reason },
  origin: { layer: "user", file, hash: rule } as const,
});
const terms: ReviewTerms = {
  ...{ by: null, self: true, timeoutMs: 60_000, approvals: 1 },
  remember: { kind: "session" },
};
const deny: Verdict = { effect: "deny", ...from("no-files", "files are not for agents") };
const ask: Verdict = { effect: "review", ...from("ask-first", "a person decides"), review: terms };
/** Apart: what is granted for it lets the other rows go. */
const remembered: Verdict = { ...ask, ...from("remembered", "a person decides") };
const brief: Verdict = { ...ask, review: { ...terms, timeoutMs: 40 } };
const tell = (verdict: Verdict): Verdict => ({ ...verdict, onDeny: "tell-model" });
const where = (rule: string) => `rule ${rule} (user policy, ${file}): `;
const grace = {
  ...{ issuer: "https://id.example", subject: "grace", email: "grace@example.com" },
  ...{ groups: [], profile: null },
};
const yes = (desk: ReviewDesk, { id }: Review) =>
  desk.approve(id, { reviewer: grace, comment: null });
const forSession = (desk: ReviewDesk, { id }: Review) =>
  desk.approve(id, { reviewer: grace, comment: null, scope: { kind: "session" } });
const no = (desk: ReviewDesk, { id }: Review) =>
  desk.deny(id, { reviewer: grace, comment: "not today" });
const crowded: Desk = {
  ask: () => Promise.reject(new Refusal("too_many_reviews", "the session has 64 reviews")),
};

const fine = { status: 200, error: null, stop: null, errorType: null, why: null };
const allowed = { ...fine, shown: "allowed 200", counts: ["allowed"] } as const;
const answered = { counts: ["reviewed"], answered: "approved" } as const;
const approved = { ...fine, shown: "approved 200", ...answered } as const;
const granted = { ...fine, shown: "granted 200", ...answered } as const;
const askedFor = { why: `${where("ask-first")}a person decides` };
const byGrace = "approved by grace@example.com";
const askedAgain = { why: `${where("remembered")}a person decides; ${byGrace}` };
const askedCall = {
  why: `${where("ask-first")}tool call delete_file: a person decides; ${byGrace}`,
};
const ofFiles = "rule no-files: tool call delete_file";
const ofAsk = "rule ask-first: tool call delete_file";
const deniedCall = {
  stop: `denied, ${ofFiles}`,
  why: `${where("no-files")}tool call delete_file denied by rule no-files: files are not for agents`,
  counts: ["denied"],
} as const;
const refusedByGrace = {
  stop: `denied-by-reviewer, ${ofAsk}`,
  why: `${where("ask-first")}tool call delete_file denied by grace@example.com at `,
  counts: ["denied", "reviewed"],
  answered: "denied",
} as const;
const failed = { why: null, counts: ["errors"] } as const;

/** What is told of a request that was refused before any rule was asked. */
const refusedFor = (code: string) => ({
  ...{ error: code, errorType: code, stop: `refused: ${code}`, why: `refused: ${code}` },
  counts: [],
});

/** Requests that no session is known for: `sessions outside` and `tail` have them, no session has. */
export const strangers: readonly Row[] = [
  {
    name: "it has no token",
    ...{ token: "none", shown: "refused 401 token_missing", status: 401 },
    ...refusedFor("token_missing"),
  },
  {
    name: "its token is not known",
    ...{ token: "unknown", shown: "refused 401 token_unknown", status: 401 },
    ...refusedFor("token_unknown"),
  },
  {
    name: "it has no token, and no connection has that name",
    ...{ token: "none", connection: "other", shown: "refused 401 token_missing", status: 401 },
    ...{ action: "POST /other/v1/responses", ...refusedFor("token_missing") },
  },
];

export const rows: Readonly<Record<Outcome, readonly [Row, ...Row[]]>> = {
  allowed: [
    { name: "a whole reply", ...allowed },
    {
      name: "the client left after the last event",
      reply: held(`${said}data: [DONE]\n\n`),
      leaves: "[DONE]",
      ...allowed,
    },
    {
      name: "the upstream broke off after the last event",
      reply: broken(`${said}data: [DONE]\n\n`),
      ...allowed,
    },
    {
      name: "no rule speaks of its call",
      call: { effect: "allow", rule: null, reason: "no rule" },
      reply: calls,
      ...allowed,
    },
    {
      name: "a redirect that is not followed",
      reply: replied("", 304),
      ...allowed,
      shown: "allowed 304",
      status: 304,
    },
  ],
  approved: [
    {
      name: "its request was approved",
      ...{ verdict: ask, answer: yes, ...approved },
      why: `${where("ask-first")}a person decides; ${byGrace}`,
    },
    {
      name: "its call was approved",
      call: ask,
      reply: calls,
      answer: yes,
      ...approved,
      ...askedCall,
    },
    {
      name: "its call was approved in a stream",
      call: ask,
      reply: streamed,
      answer: yes,
      ...approved,
      ...askedCall,
    },
  ],
  granted: [
    {
      name: "approved for the session",
      ...{ verdict: remembered, answer: forSession, ...approved, ...askedAgain },
    },
    { name: "its request was granted", verdict: remembered, ...granted, ...askedAgain },
    {
      name: "its call approved for the session",
      ...{ call: remembered, reply: calls, answer: forSession, ...approved },
      why: `${where("remembered")}tool call delete_file: a person decides; ${byGrace}`,
    },
    {
      name: "its call was granted",
      ...{ call: remembered, reply: calls, ...granted },
      why: `${where("remembered")}tool call delete_file: a person decides; ${byGrace}`,
    },
  ],
  denied: [
    {
      name: "a rule denied it",
      verdict: deny,
      ...{ shown: "denied 400", status: 400, error: "policy_denied", errorType: "policy_denied" },
      stop: "denied, rule no-files: files are not for agents",
      why: `${where("no-files")}files are not for agents`,
      counts: ["denied"],
    },
    {
      name: "no rule allows it",
      verdict: { effect: "deny", rule: null, reason: "no rule allows it" },
      ...{ shown: "denied 400", status: 400, error: "policy_denied", errorType: "policy_denied" },
      ...{ stop: "denied: no rule allows it", why: "no rule: no rule allows it" },
      counts: ["denied"],
    },
    {
      name: "the budget is used up",
      verdict: { effect: "deny", ...from("budget", "the session used 5 of 5 requests") },
      ...{ shown: "denied 400", status: 400, error: "policy_denied", errorType: "policy_denied" },
      stop: "denied, rule budget: the session used 5 of 5 requests",
      why: `${where("budget")}the session used 5 of 5 requests`,
      counts: ["denied"],
    },
    {
      name: "its call was denied",
      ...{ call: deny, reply: calls, ...deniedCall },
      shown: "denied 400 tool_call_denied",
      ...{ status: 400, error: "tool_call_denied", errorType: "tool_call_denied" },
    },
    {
      name: "its call was denied in a stream",
      ...{ call: deny, reply: streamed, ...deniedCall },
      shown: "denied 200 tool_call_denied",
      ...{ status: 200, error: "tool_call_denied", errorType: "tool_call_denied" },
    },
    {
      name: "its call was denied, and the model told",
      ...{ call: tell(deny), reply: calls, ...deniedCall },
      ...{ shown: "denied 200", status: 200, error: null, errorType: "denied" },
    },
  ],
  "denied-by-reviewer": [
    {
      name: "a reviewer denied it",
      ...{ verdict: ask, answer: no, shown: "denied-by-reviewer 400", status: 400 },
      ...{ error: "review_denied", errorType: "review_denied" },
      stop: "denied-by-reviewer, rule ask-first: a person decides; denied by grace@example.com: not today",
      why: `${where("ask-first")}a person decides; denied by grace@example.com: not today`,
      ...{ counts: ["denied", "reviewed"], answered: "denied" },
    },
    {
      name: "a reviewer denied its call",
      ...{ call: ask, reply: calls, answer: no, ...refusedByGrace },
      shown: "denied-by-reviewer 400 tool_call_denied",
      ...{ status: 400, error: "tool_call_denied", errorType: "tool_call_denied" },
    },
    {
      name: "a reviewer denied its call in a stream",
      ...{ call: ask, reply: streamed, answer: no, ...refusedByGrace },
      shown: "denied-by-reviewer 200 tool_call_denied",
      ...{ status: 200, error: "tool_call_denied", errorType: "tool_call_denied" },
    },
    {
      name: "a reviewer denied its call, and the model was told",
      ...{ call: tell(ask), reply: streamed, answer: no, ...refusedByGrace },
      ...{ shown: "denied-by-reviewer 200", status: 200, error: null },
      errorType: "denied-by-reviewer",
    },
  ],
  expired: [
    {
      name: "nobody answered its review",
      ...{ verdict: brief, shown: "expired 400", status: 400 },
      ...{ error: "review_expired", errorType: "review_expired" },
      stop: "expired, rule ask-first: a person decides",
      ...askedFor,
      counts: ["denied", "reviewed"],
    },
    {
      name: "its review was still open when the client could wait no longer",
      ...{ verdict: ask, shown: "expired 400 review_pending", status: 400 },
      ...{ error: "review_pending", errorType: "review_pending" },
      stop: "expired, rule ask-first: a person decides",
      ...askedFor,
      counts: ["denied", "reviewed"],
    },
    {
      name: "nobody answered its call's review",
      ...{ call: brief, reply: calls, shown: "expired 400 tool_call_denied", status: 400 },
      ...{ error: "tool_call_denied", errorType: "tool_call_denied" },
      stop: `expired, ${ofAsk}`,
      why: `${where("ask-first")}tool call delete_file denied: `,
      counts: ["denied", "reviewed"],
    },
    {
      name: "its call's review was still open when the client could wait no longer",
      ...{ call: ask, reply: streamed, shown: "expired 200 review_pending", status: 200 },
      ...{ error: "review_pending", errorType: "review_pending" },
      stop: `expired, ${ofAsk}`,
      why: `${where("ask-first")}tool call delete_file still waits for a review`,
      counts: ["denied", "reviewed"],
    },
  ],
  refused: [
    { name: "it runs on while another is refused", stays: true, ...allowed },
    {
      name: "too many requests run already",
      ...{
        shown: "refused 429 too_many_exchanges",
        status: 429,
        ...refusedFor("too_many_exchanges"),
      },
    },
    {
      name: "its caller is outside the run",
      ...{ outsider: true, shown: "refused 401 token_outside_run", status: 401 },
      ...refusedFor("token_outside_run"),
    },
    {
      name: "its session is over",
      ...{ token: "over", shown: "refused 401 session_over", status: 401 },
      ...refusedFor("session_over"),
    },
    {
      name: "its session has no such connection",
      ...{ connection: "other", shown: "refused 404 connection_unknown", status: 404 },
      ...{ action: "POST /other/v1/responses", ...refusedFor("connection_unknown") },
    },
    {
      name: "its body is not JSON",
      ...{ body: "{", shown: "refused 400 body_unreadable", status: 400 },
      ...{ error: "body_unreadable", errorType: "body_unreadable" },
      ...{ stop: "refused: body_unreadable", why: "refused: body_unreadable", counts: [] },
    },
    {
      name: "its body is too large",
      ...{ body: JSON.stringify({ input: "x".repeat(1 << 20) }), status: 413 },
      shown: "refused 413 body_too_large",
      ...{ error: "body_too_large", errorType: "body_too_large" },
      ...{ stop: "refused: body_too_large", why: "refused: body_too_large", counts: [] },
    },
    {
      name: "its reply broke off where calls are watched",
      ...{ call: deny, reply: broken(whole.slice(0, 60), { ...json, "content-length": "999" }) },
      ...{ shown: "refused 502 reply_unreadable", status: 502 },
      ...{ error: "reply_unreadable", errorType: "reply_unreadable" },
      ...{ stop: "refused: reply_unreadable", why: "refused: reply_unreadable", counts: [] },
    },
    {
      name: "too many reviews wait already",
      ...{ verdict: ask, desk: crowded, shown: "refused 400 too_many_reviews", status: 400 },
      ...{ error: "too_many_reviews", errorType: "too_many_reviews" },
      stop: "refused: too_many_reviews",
      ...{ why: "refused: too_many_reviews", counts: ["reviewed"] },
    },
    {
      name: "too many reviews wait already for its call to be asked about",
      ...{ call: ask, desk: crowded, reply: calls },
      ...{ shown: "refused 400 too_many_reviews", status: 400 },
      ...{ error: "too_many_reviews", errorType: "too_many_reviews" },
      stop: `refused, ${ofAsk}`,
      why: `${where("ask-first")}tool call delete_file: the session has 64 reviews`,
      counts: [],
    },
  ],
  failed: [
    {
      name: "the upstream limits its rate",
      ...{ reply: replied('{"error":{}}', 429), shown: "failed 429", status: 429, error: null },
      ...{ stop: "failed: status 429", errorType: "429", ...failed },
    },
    {
      name: "the upstream answered 502",
      ...{ reply: replied("bad gateway", 502), shown: "failed 502", status: 502, error: null },
      ...{ stop: "failed: status 502", errorType: "502", ...failed },
    },
    {
      name: "the upstream hung up",
      ...{ reply: (answer) => void answer.destroy(), shown: "failed 502 upstream_unreachable" },
      ...{ status: 502, error: "upstream_unreachable", errorType: "upstream_unreachable" },
      ...{ stop: "failed: upstream_unreachable", ...failed },
    },
    {
      name: "an error event inside a 200",
      reply: replied(`${said}event: error\ndata: {"type":"error","message":"no"}\n\n`, 200, events),
      ...{ shown: "failed 200 upstream_error", status: 200, error: "upstream_error" },
      ...{ stop: "failed: upstream_error", errorType: "upstream_error", ...failed },
    },
    {
      name: "a body of 200 that is an error",
      reply: replied('{"error":{"message":"no"}}'),
      ...{ shown: "failed 200 upstream_error", status: 200, error: "upstream_error" },
      ...{ stop: "failed: upstream_error", errorType: "upstream_error", ...failed },
    },
    {
      name: "approved, and then the upstream failed",
      ...{ verdict: { ...ask, ...from("ask-again", "a person decides") }, answer: yes },
      ...{ reply: replied("no", 500), shown: "failed 500", status: 500, error: null },
      ...{ stop: "failed: status 500", errorType: "500" },
      why: `${where("ask-again")}a person decides; ${byGrace}`,
      ...{ counts: ["errors", "reviewed"], answered: "approved" },
    },
  ],
  cut: [
    {
      name: "the client left in the middle",
      ...{ reply: held(said), leaves: "response.created", shown: "cut 200 client_left" },
      ...{ status: 200, error: "client_left", errorType: "client_left" },
      ...{ stop: "cut: client_left", ...failed },
    },
    {
      name: "the upstream broke off",
      ...{ reply: broken(said), shown: "cut 200 truncated", status: 200, error: "truncated" },
      ...{ stop: "cut: truncated", errorType: "truncated", ...failed },
    },
    {
      name: "the client left while a review waited",
      verdict: { ...ask, ...from("ask-longer", "a person decides") },
      ...{ leaves: "at the review", shown: "cut client_left", status: null },
      ...{ error: "client_left", errorType: "client_left", stop: "cut: client_left" },
      why: `${where("ask-longer")}a person decides`,
      counts: ["errors", "reviewed"],
    },
    {
      name: "the session ended",
      ...{ reply: held(said), leaves: "the session", shown: "cut 200 session_ended" },
      ...{ status: 200, error: "session_ended", errorType: "session_ended" },
      ...{ stop: "cut: session_ended", ...failed },
    },
  ],
};
