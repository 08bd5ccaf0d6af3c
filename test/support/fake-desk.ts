/**
 * Fake desk: keeps what it is asked, and answers when the test says so. A
 * wait ends with the asker's signal or patience, as the real one's does.
 */
import type { Review } from "../../src/daemon/model/review.js";
import type { Desk, ReviewRequest, Settlement } from "../../src/daemon/reviews/desk.js";

export interface FakeAsk {
  readonly request: ReviewRequest;
  readonly signal: AbortSignal;
  settle(outcome: Settlement["outcome"], change?: Partial<Review>): void;
}

export function createFakeDesk() {
  const asks: FakeAsk[] = [];
  const listeners: (() => void)[] = [];

  const desk: Desk = {
    ask: (request, signal, patienceMs) =>
      new Promise((resolve, reject) => {
        const leave = () => {
          clearTimeout(timer);
          reject(signal.reason);
        };
        const settle: FakeAsk["settle"] = (outcome, change) => {
          clearTimeout(timer);
          signal.removeEventListener("abort", leave);
          resolve({ outcome, review: { ...reviewOf(request), ...change } });
        };
        const timer = setTimeout(() => settle("pending"), patienceMs);
        if (signal.aborted) return leave();
        signal.addEventListener("abort", leave);
        asks.push({ request, signal, settle });
        for (const heard of listeners.splice(0)) heard();
      }),
  };
  return {
    desk,
    asks,
    /** The ask of this place, from 0, once it is there. */
    async ask(index: number): Promise<FakeAsk> {
      for (;;) {
        const ask = asks[index];
        if (ask !== undefined) return ask;
        await new Promise<void>((heard) => listeners.push(heard));
      }
    },
  };
}

function reviewOf(request: ReviewRequest): Review {
  return {
    id: "rev_fake",
    sessionId: request.session.id,
    exchange: request.exchange,
    kind: request.toolCall === undefined ? "request" : "tool-call",
    status: "pending",
    operation: request.operation,
    connection: request.connection,
    toolCall: request.toolCall ?? null,
    identity: request.session.identity,
    rule: request.verdict.rule,
    origin: request.verdict.origin ?? null,
    reason: request.verdict.reason,
    terms: { by: null, self: true, timeoutMs: 60_000, remember: { kind: "once" }, approvals: 1 },
    binding: request.binding,
    likeness: request.likeness,
    requestSha256: request.requestSha256,
    createdAt: new Date(0),
    expiresAt: new Date(60_000),
    approvals: [],
    decidedBy: null,
    decidedAt: null,
    grant: null,
    comment: null,
  };
}
