/**
 * Approve: only what the policy permits goes on. What wants a review waits at
 * the desk, with `102 Processing` so that the client waits too; what is sent
 * after an approval is the body that was approved (SECURITY A1). What is
 * denied stops here.
 */
import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { exchangeIdOf } from "../model/exchange.js";
import { Refusal } from "../model/refusal.js";
import type { Review } from "../model/review.js";
import type { Desk, Settlement } from "../reviews/desk.js";
import type { ExchangeLog } from "../store/store.js";
import { bindingOf } from "./binding.js";
import { type Approved, advance, type Decided, type Station } from "./station.js";

export interface ApproveOptions {
  readonly desk: Desk;
  /** The record, where an approved body is: a client's retry may have cut its own in other places. */
  readonly frames: ExchangeLog["frames"];
  /** Milliseconds between two signs of life while the client waits. */
  readonly processingEvery: number;
  /** The longest that a client is kept waiting, milliseconds. */
  readonly patience: number;
}

/** As the clients were measured: Node's fetch gives up after 300 s of silence, the SDKs after 600 s of anything. */
export const patienceOfClients = { processingEvery: 20_000, patience: 9 * 60_000 } as const;

/** Creates the station that lets only permitted exchanges pass. */
export function createApprove(options: ApproveOptions): Station<Decided, Approved> {
  const { desk, frames } = options;

  return async function approve(exchange) {
    const { decision, operation } = exchange;
    if (decision.effect === "allow") return advance(exchange, { approved: true });
    // What a person would be asked about is that it leaves; what the record answers does not.
    if (decision.effect === "review" && exchange.recorded !== undefined) {
      return advance(exchange, { approved: true });
    }
    if (decision.effect === "review") return reviewed(exchange);
    const code = operation.class === "unknown" ? "operation_unknown" : "policy_denied";
    throw new Refusal(code, `${operation.action} denied: ${decision.reason}`);
  };

  async function reviewed(exchange: Decided): Promise<Approved> {
    const { session, connection, key, operation, decision: verdict } = exchange;
    const { binding, requestSha256, exact } = bindingOf(exchange);
    const name = connection.name;
    const settled = await whileWaiting(exchange.response, () =>
      ask(exchange, {
        session,
        exchange: key,
        connection: name,
        operation,
        verdict,
        binding,
        requestSha256,
      }),
    );
    exchange.signal.throwIfAborted();
    if (settled.outcome !== "approved" && settled.outcome !== "granted") {
      throw refusalOf(settled, exchange.operation.action);
    }
    const { review } = settled;
    // A grant for longer speaks for other bodies too; one for this very request, for its own alone.
    const ownBody = exact || review.exchange === key || review.binding !== binding;
    const sent = ownBody ? {} : await approvedBody(review, exchange.headers);
    return advance(exchange, { ...sent, approved: true });
  }

  async function ask(exchange: Decided, request: Parameters<Desk["ask"]>[0]) {
    const { signal } = exchange;
    try {
      return await desk.ask(request, signal, options.patience);
    } catch (error) {
      if (error instanceof Refusal || signal.aborted) throw error;
      const why = "the review cannot be written down";
      throw new Refusal("record_unavailable", why, { cause: error });
    }
  }

  /** The client's own wait ends where nothing comes (FACTS: 102 keeps every one measured). */
  async function whileWaiting<Result>(
    response: ServerResponse,
    wait: () => Promise<Result>,
  ): Promise<Result> {
    const beat = setInterval(() => {
      // HTTP/1.0 has no interim responses (RFC 9110 15.2).
      if (response.req.httpVersionMinor >= 1 && !response.destroyed) response.writeProcessing();
    }, options.processingEvery);
    try {
      return await wait();
    } finally {
      clearInterval(beat);
    }
  }

  /** What was approved, as it was recorded; refused where that is not what was hashed. */
  async function approvedBody(
    review: Review,
    headers: readonly string[],
  ): Promise<Pick<Decided, "body" | "headers">> {
    const found = await frames(review.exchange);
    const body = Buffer.concat(
      found.filter(({ kind }) => kind === "request-body").map(({ data }) => data),
    );
    if (createHash("sha256").update(body).digest("hex") !== review.requestSha256) {
      const id = exchangeIdOf(review.exchange);
      throw new Refusal("record_unavailable", `the approved request ${id} is not in the record`);
    }
    const head = found.find(({ kind }) => kind === "request-head");
    const text = Buffer.from(head?.data ?? []).toString("latin1");
    const type = /^content-type: (.*)\r$/im.exec(text)?.[1] ?? "";
    const isType = (name: string | undefined) => name?.toLowerCase() === "content-type";
    return {
      body,
      headers: headers.map((value, at) => (at % 2 === 1 && isType(headers[at - 1]) ? type : value)),
    };
  }
}

/** Who, when and why, in a sentence that the agent's log shows. */
function refusalOf({ outcome, review }: Settlement, action: string): Refusal {
  const { id, decidedBy, decidedAt, comment, expiresAt } = review;
  if (outcome === "denied") {
    const who = decidedBy?.email ?? decidedBy?.subject ?? "a reviewer";
    const why = comment === null || comment === "" ? "" : `: ${comment}`;
    const when = decidedAt?.toISOString() ?? "";
    return new Refusal("review_denied", `${action} was denied by ${who} at ${when}${why}`);
  }
  if (outcome === "pending") {
    const until = expiresAt.toISOString();
    const why = `${action} still waits for review ${id}, which is open until ${until}`;
    return new Refusal("review_pending", why);
  }
  const why = review.status === "cancelled" ? "was cancelled" : "was answered by nobody in time";
  const end = (decidedAt ?? expiresAt).toISOString();
  return new Refusal("review_expired", `${action} was not approved: review ${id} ${why} (${end})`);
}
