/**
 * Call ruling: what becomes of one tool call. The policy in force for the
 * exchange is asked, then a person where it says so, and the answer is durable
 * before anything of the call can be delivered. What goes wrong on the way
 * rejects, and nothing is delivered then.
 */
import { setMaxListeners } from "node:events";
import type { Outcome } from "../../../contract/outcome.js";
import { callVerdict } from "../../model/call-verdict.js";
import {
  isSameDecider,
  reasonPart,
  rulePart,
  type Verdict,
  withMaskedNames,
} from "../../model/decision.js";
import { settlementOutcome, strictest } from "../../model/outcome.js";
import { outcomeOfCode, Refusal, type RefusalCode } from "../../model/refusal.js";
import type { Review, ToolCall } from "../../model/review.js";
import { maskedSentence, ownWords, quoted, type SentencePart } from "../../model/sentence.js";
import { shortened } from "../../model/text-cut.js";
import type { CallRecord } from "../../model/transcript.js";
import type { PolicyHolder } from "../../policy/policy.js";
import type { Desk, Settlement } from "../../reviews/desk.js";
import { advance, type Ledger, type Masked } from "../exchange.js";
import { askedCall } from "../request/asked-content.js";
import { bindingOf } from "../request/binding.js";

export interface CallRuling {
  /** Undefined: it is delivered. */
  readonly denied?: {
    readonly code: RefusalCode;
    /** One sentence, masked: the call's name, never its arguments. */
    readonly message: string;
    readonly tellModel: boolean;
  };
}

/** What is written of a call's ruling. */
interface Ruled {
  readonly outcome: Outcome;
  /** Undefined: it is delivered. */
  readonly denied?: CallRuling["denied"];
  readonly review?: string | null;
}

export interface RulingOptions {
  readonly exchange: Masked;
  readonly desk: Desk;
  readonly policies: Pick<PolicyHolder, "latest">;
  readonly now: () => Date;
  readonly ledger: Ledger;
  /** Aborts when the client no longer waits for the reply. */
  readonly signal: AbortSignal;
  /** The longest a client is kept waiting for a person, milliseconds; the review may end it sooner. */
  readonly patienceMs: number;
  /** Told when a person begins to be waited for, and when that ends. */
  readonly waiting: (change: 1 | -1) => void;
}

/** Creates what rules on the calls of one reply. */
export function createCallRuling(options: RulingOptions) {
  const { exchange, desk, ledger, signal } = options;
  const { policy, policyInput, session, connection, key, operation } = exchange;
  // Each call of the reply that waits listens to it.
  setMaxListeners(0, signal);
  const alike = new Map<string, number>();

  return async function rule(call: ToolCall, recorded: ToolCall): Promise<CallRuling> {
    // Two calls alike in one reply are two: each takes an answer of its own.
    const asked = JSON.stringify([call.kind, call.name, call.arguments]);
    const place = (alike.get(asked) ?? 0) + 1;
    alike.set(asked, place);
    const kept = withoutSensitive(recorded);
    const said = ["tool call ", quoted(shown(kept.name))];
    let verdict = named(await callVerdict(policy, policyInput, call));
    let review: string | null = null;
    let outcome: Outcome = "allowed";
    const until = performance.now() + options.patienceMs;
    // Again only where an edit made another rule ask while the call waited.
    while (verdict.effect === "review") {
      const settled = await waitedFor(() =>
        ask(call, kept, verdict, place, until - performance.now()),
      );
      const tellModel = verdict.onDeny === "tell-model";
      if (settled instanceof Refusal) {
        const { code, parts } = settled;
        const denied = { code, message: masked([...said, ": ", ...parts]), tellModel };
        return written(kept, verdict, { outcome: outcomeOfCode(code), denied });
      }
      review = settled.review.id;
      outcome = settlementOutcome(settled.outcome);
      const why = deniedBy(settled, said);
      if (why !== undefined) {
        const denied = { code: why.code, message: masked(why.parts), tellModel };
        return written(kept, verdict, { outcome, denied, review });
      }
      const latest = await ruledNow(call);
      if (latest.effect === "allow" || isSameDecider(latest, verdict)) break;
      verdict = latest;
    }
    if (verdict.effect !== "deny") return written(kept, verdict, { outcome, review });
    const tellModel = verdict.onDeny === "tell-model";
    const by = verdict.rule === null ? [] : [" by rule ", rulePart(verdict)];
    const message = masked([...said, " denied", ...by, ": ", reasonPart(verdict)]);
    const denied = { code: "tool_call_denied", message, tellModel } as const;
    return written(kept, verdict, { outcome: "denied", denied, review });
  };

  /** As the agent and the record have it. What hoopx says itself is no finding when it comes back. */
  function masked(parts: readonly SentencePart[]): string {
    for (const words of ownWords(parts)) exchange.masking.permit(words);
    return maskedSentence(parts, (text) => exchange.masking.mask(text).text);
  }

  /** As the agent, a reviewer and the record have it. */
  function named(verdict: Verdict): Verdict {
    return withMaskedNames(verdict, (text) => exchange.masking.mask(text).text);
  }

  async function waitedFor<Result>(wait: () => Promise<Result>): Promise<Result> {
    options.waiting(1);
    try {
      return await wait();
    } finally {
      options.waiting(-1);
    }
  }

  /** What the policy of this moment says: it may have been edited while the call waited. */
  async function ruledNow(call: ToolCall): Promise<Verdict> {
    const latest = await options.policies.latest(session);
    const input = { ...policyInput, now: options.now() };
    return named(await callVerdict(latest, input, call));
  }

  /**
   * The desk's answer, or its refusal where no person can be asked. The answer is bound to the
   * call as the agent gets it, and a person is shown that; `kept` is what the record may hold.
   */
  async function ask(
    call: ToolCall,
    kept: ToolCall,
    verdict: Verdict,
    place: number,
    patienceMs: number,
  ): Promise<Settlement | Refusal> {
    const { exact: _, ...bound } = await bindingOf(exchange, verdict, call, String(place));
    const request = {
      session,
      exchange: key,
      connection: connection.name,
      operation,
      verdict,
      toolCall: kept,
      content: askedCall(exchange, call.arguments),
      ...bound,
    };
    try {
      return await desk.ask(request, signal, Math.max(0, patienceMs));
    } catch (error) {
      if (error instanceof Refusal && error.status < 500) return error;
      throw error;
    }
  }

  /** What is stored of a call: without the credential, which an upstream may spell over several pieces. */
  function withoutSensitive(call: ToolCall): ToolCall {
    const hidden = (text: string) => {
      let made = text;
      for (const secret of exchange.sensitive) {
        if (secret !== "") made = made.replaceAll(secret, "*".repeat(secret.length));
      }
      return made;
    };
    return { ...call, name: hidden(call.name), arguments: hidden(call.arguments) };
  }

  /** Resolves once the decision is durable. */
  function written(
    call: ToolCall,
    verdict: Verdict,
    { outcome, denied, review = null }: Ruled,
  ): Promise<CallRuling> {
    const record: CallRecord = {
      name: call.name,
      kind: call.kind,
      effect: verdict.effect,
      rule: verdict.rule,
      ...(verdict.origin && { layer: verdict.origin.layer, file: verdict.origin.file }),
      reason: denied?.message ?? masked([reasonPart(verdict)]),
      outcome,
      ...(denied?.tellModel === true && { toldToModel: true }),
      review,
    };
    advance(exchange, { calls: strictest(exchange.calls ?? outcome, outcome) });
    const data = Buffer.from(JSON.stringify(record));
    return new Promise((resolve, reject) => {
      ledger.append(key, { kind: "tool-call", at: exchange.elapsed(), data }, (cause) => {
        if (cause === undefined) resolve(denied === undefined ? {} : { denied });
        else {
          const why = "the transcript cannot be written";
          reject(new Refusal("record_unavailable", why, { cause }));
        }
      });
    });
  }
}

/** Why a settled review does not let the call through; undefined where it does. */
function deniedBy({ outcome, review }: Settlement, said: readonly SentencePart[]) {
  if (outcome === "approved" || outcome === "granted") return undefined;
  if (outcome === "pending") {
    const parts = [...said, ` still waits for a review: ${review.id}`];
    return { code: "review_pending", parts } as const;
  }
  const code = "tool_call_denied" as const;
  if (outcome === "expired") {
    return { code, parts: [...said, ` denied: review ${review.id} was not approved in time`] };
  }
  const { id } = review;
  return { code, parts: [...said, " denied by ", ...reviewerOf(review), `, review ${id}`] };
}

function reviewerOf({ decidedBy, decidedAt, comment }: Review): readonly SentencePart[] {
  const who = decidedBy === null ? "a reviewer" : (decidedBy.email ?? decidedBy.subject);
  const when = decidedAt === null ? "" : ` at ${decidedAt.toISOString()}`;
  return [who, when, ...(comment === null ? [] : [" (", quoted(comment), ")"])];
}

/** A name is the model's word: short, and none that could be taken for ours. */
function shown(name: string): string {
  const plain = name.replace(/[^\w.:/-]+/g, "?");
  return shortened(plain, 80) || "without a name";
}
