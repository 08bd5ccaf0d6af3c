/**
 * Approve: only what the policy permits goes on. What wants a review waits at
 * the desk, with `102 Processing` so that the client waits too; what is sent
 * after an approval is the body that was approved (SECURITY A1), if the policy
 * of that moment does not deny it (SECURITY A6). What is denied stops here.
 */

import type { Client } from "../../doors/client.js";
import {
  isSameDecider,
  reasonPart,
  rulePart,
  type Verdict,
  withMaskedNames,
} from "../../model/decision.js";
import { operationName } from "../../model/operation.js";
import { Refusal } from "../../model/refusal.js";
import type { Review } from "../../model/review.js";
import { maskedSentence, quoted } from "../../model/sentence.js";
import type { Frame } from "../../model/transcript.js";
import type { Desk, ReviewRequest, Settlement } from "../../reviews/desk.js";
import type { ExchangeLog } from "../../store/store.js";
import { type Approved, advance, type Decided, type Station } from "../exchange.js";
import { askedBody } from "./asked-content.js";
import { bindingOf } from "./binding.js";
import { sha256Of } from "./digest.js";
import type { Judge } from "./judge.js";
import { createKeptBodies, type KeptBody } from "./kept-bodies.js";

export interface ApproveOptions {
  readonly desk: Desk;
  /** Asked once more when a review lets a request go. */
  readonly judge: Pick<Judge, "leaving">;
  /** The record, where an approved body is: a client's retry may have cut its own in other places. */
  readonly frames: ExchangeLog["frames"];
  /** The most that is kept in memory of what waits; absent: 64 MiB. */
  readonly keptBytes?: number;
  /** Milliseconds between two signs of life while the client waits. */
  readonly processingEvery: number;
  /** The longest that a client is kept waiting, milliseconds. */
  readonly patience: number;
}

const usualKeptBytes = 64 << 20;

/** Creates the station that lets only permitted exchanges pass. */
export function createApprove(options: ApproveOptions): Station<Decided, Approved> {
  const { desk, judge, frames } = options;
  const kept = createKeptBodies(options.keptBytes ?? usualKeptBytes);

  return async function approve(exchange) {
    const { decision } = exchange;
    if (decision.effect === "allow") return advance(exchange, { approved: true });
    // What a person would be asked about is that it leaves; what the record answers does not.
    if (decision.effect === "review" && !exchange.route.leaves) {
      return advance(exchange, { approved: true });
    }
    if (decision.effect === "deny") throw denialOf(exchange, decision);
    const until = performance.now() + options.patience;
    // Again only where an edit made another rule ask meanwhile.
    for (let asked = exchange; ; ) {
      const approved = await reviewed(asked, until);
      const { verdict, policy, policyInput, looked } = await judge.leaving(asked);
      exchange.signal.throwIfAborted();
      if (verdict.effect === "deny") throw denialOf(exchange, verdict);
      const { instead } = looked;
      if (instead && policy.hash !== asked.policy.hash && !instead.body.equals(asked.body)) {
        const why = "the policy changed while it waited, and now hides part of what was approved";
        throw denialOf(exchange, { ...verdict, reason: why, ownReason: true });
      }
      const known = { policy, policyInput };
      if (verdict.effect === "allow" || isSameDecider(verdict, asked.decision)) {
        return advance(approved, known);
      }
      const reason = maskedSentence([reasonPart(verdict)], exchange.shown.text);
      const named = withMaskedNames(verdict, exchange.shown.text);
      asked = advance(asked, { ...known, decision: { ...asked.decision, ...named, reason } });
    }
  };

  async function reviewed(exchange: Decided, until: number): Promise<Approved> {
    const { session, connection, key, operation, decision: verdict } = exchange;
    const { binding, likeness, requestSha256, exact } = await bindingOf(exchange, verdict);
    const about = { session, exchange: key, operation, verdict, requestSha256 };
    const content = askedBody(exchange);
    const request = { ...about, connection: connection.name, binding, likeness, content };
    if (!exact && exchange.shown.body !== exchange.body) {
      const contentType = exchange.header("content-type") ?? "";
      kept.keep(key, { body: exchange.body, contentType });
    }
    const review = await approvalOf(exchange, request, until);
    // A grant for longer speaks for other bodies too; one for this very request, for its own alone.
    const ownBody = exact || review.exchange === key || review.binding !== binding;
    if (ownBody) return approvedWith(exchange, review);
    const approved = await approvedBody(review, exchange.headers);
    if (approved !== undefined) return approvedWith(exchange, review, approved);
    // The approved bytes are gone: these were never shown to a person, and are asked about again.
    const other = await bindingOf(exchange, verdict, undefined, requestSha256);
    const again = { ...request, binding: other.binding };
    return approvedWith(exchange, await approvalOf(exchange, again, until));
  }

  function approvedWith(exchange: Decided, review: Review, sent: object = {}): Approved {
    if (review.terms.remember.kind === "once") kept.drop(review.exchange);
    return advance(exchange, { ...sent, approved: true });
  }

  /** The review that lets it through; throws where none does. */
  async function approvalOf(
    exchange: Decided,
    request: ReviewRequest,
    until: number,
  ): Promise<Review> {
    const settled = await whileWaiting(exchange.client, () => ask(exchange, request, until));
    exchange.signal.throwIfAborted();
    // It joined another's review: that one's bytes are what would be sent.
    if (settled.review.exchange !== exchange.key) kept.drop(exchange.key);
    if (settled.outcome === "approved" || settled.outcome === "granted") {
      advance(exchange, { settled: settled.outcome });
      return settled.review;
    }
    if (settled.outcome !== "pending") kept.drop(settled.review.exchange);
    throw refusalOf(settled, operationName(exchange.operation));
  }

  async function ask({ signal }: Decided, request: ReviewRequest, until: number) {
    try {
      return await desk.ask(request, signal, Math.max(0, until - performance.now()));
    } catch (error) {
      if (error instanceof Refusal || signal.aborted) throw error;
      const why = "the review cannot be written down";
      throw new Refusal("record_unavailable", why, { cause: error });
    }
  }

  async function whileWaiting<Result>(
    client: Client,
    wait: () => Promise<Result>,
  ): Promise<Result> {
    const stop = client.waiting(options.processingEvery);
    try {
      return await wait();
    } finally {
      stop();
    }
  }

  /** What was approved, as it came or as it was recorded; undefined where neither is what was hashed. */
  async function approvedBody(
    review: Review,
    headers: readonly string[],
  ): Promise<Pick<Decided, "body" | "headers"> | undefined> {
    const { body, contentType: type } =
      kept.find(review.exchange) ?? recordedBody(await frames(review.exchange));
    if ((await sha256Of([body])) !== review.requestSha256) return undefined;
    const isType = (name: string | undefined) => name?.toLowerCase() === "content-type";
    return {
      body,
      headers: headers.map((value, at) => (at % 2 === 1 && isType(headers[at - 1]) ? type : value)),
    };
  }
}

function denialOf({ operation }: Decided, verdict: Verdict): Refusal {
  const { rule } = verdict;
  // Where a rule denies it, naming the operation would not help.
  const unnamed = operation.class === "unknown" && rule === null;
  const code = unnamed ? "operation_unknown" : "policy_denied";
  const by = rule === null ? [] : [" by rule ", rulePart(verdict)];
  const said = [quoted(operationName(operation)), " denied", ...by, ": ", reasonPart(verdict)];
  return new Refusal(code, said);
}

function recordedBody(frames: readonly Frame[]): KeptBody {
  const pieces = frames.filter(({ kind }) => kind === "request-body").map(({ data }) => data);
  const head = frames.find(({ kind }) => kind === "request-head");
  const text = Buffer.from(head?.data ?? []).toString("latin1");
  const contentType = /^content-type: (.*)\r$/im.exec(text)?.[1] ?? "";
  return { body: Buffer.concat(pieces), contentType };
}

/** Who, when and why, in a sentence that the agent's log shows. */
function refusalOf({ outcome, review }: Settlement, action: string): Refusal {
  const { id, decidedBy, decidedAt, comment, expiresAt } = review;
  if (outcome === "denied") {
    const who = decidedBy?.email ?? decidedBy?.subject ?? "a reviewer";
    const why = comment === null || comment === "" ? [] : [": ", quoted(comment)];
    const when = decidedAt?.toISOString() ?? "";
    const said = [quoted(action), " was denied by ", who, ` at ${when}`, ...why];
    return new Refusal("review_denied", said);
  }
  if (outcome === "pending") {
    const until = expiresAt.toISOString();
    const why = ` still waits for review ${id}, which is open until ${until}`;
    return new Refusal("review_pending", [quoted(action), why]);
  }
  const why = review.status === "cancelled" ? "was cancelled" : "was not answered in time";
  const end = (decidedAt ?? expiresAt).toISOString();
  const said = [quoted(action), ` was not approved: review ${id} ${why} (${end})`];
  return new Refusal("review_expired", said);
}
