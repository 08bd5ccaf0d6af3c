/**
 * Policy explain: what a policy says to one request, recorded or described,
 * and to the tool calls of its reply; with why each rule matches or does not.
 */
import type {
  ExplainPolicy,
  ExplanationView,
  PolicyExplainView,
  ToolCallExplanationView,
} from "../../../contract/policy-views.js";
import { callVerdict } from "../../model/call-verdict.js";
import type { ToolCall } from "../../model/review.js";
import type { RulePolicy } from "../../policy/evaluate.js";
import type { PolicyInput } from "../../policy/policy.js";
import type { PastRequest } from "../../policy/trial.js";
import type { Store } from "../../store/store.js";
import type { Actor } from "../caller.js";
import { ControlProblem } from "../control-problem.js";
import type { createDescribedRequests } from "./described-request.js";
import type { PastRequests } from "./past-requests.js";
import type { PolicyLanguage } from "./policy-language.js";
import { presentExplanation } from "./present-policy.js";

export interface PolicyExplainOptions {
  readonly language: Pick<PolicyLanguage, "explain" | "createTally">;
  readonly past: PastRequests;
  readonly imagine: ReturnType<typeof createDescribedRequests>;
  readonly store: Pick<Store, "exchanges">;
  readonly exchangeKeyOf: (id: string) => bigint | undefined;
}

const strictness = ["deny", "review", "allow"] as const;

/** Creates what explains a policy. */
export function createPolicyExplain(options: PolicyExplainOptions) {
  const { language, past, store } = options;

  return async function explain(
    body: ExplainPolicy,
    policy: RulePolicy,
    actor: Pick<Actor, "identity">,
    signal: AbortSignal,
  ): Promise<PolicyExplainView> {
    const { input, toolCalls, notes, recorded } = await asked(body, actor, signal);
    await policy.prepare?.(input);
    const request = explained(policy, input);
    // A request that is denied has no reply.
    const calls =
      request.verdict.effect === "deny"
        ? []
        : await explainedCalls(policy, input, await toolCalls());
    const effects = [request, ...calls].map(({ verdict }) => verdict.effect);
    return {
      policyHash: policy.hash,
      effect: strictness.find((effect) => effects.includes(effect)) ?? "deny",
      request: requestText(input),
      exchange: recorded?.exchangeId ?? null,
      recorded: recorded?.decided ?? null,
      ...request,
      toolCalls: calls,
      notes,
    };
  };

  async function asked(
    { exchange, described, folder }: ExplainPolicy,
    actor: Pick<Actor, "identity">,
    signal: AbortSignal,
  ) {
    if (described !== undefined && exchange === undefined) {
      const { input, toolCall, notes } = await options.imagine(described, folder, actor);
      const toolCalls = async () => (toolCall === null ? [] : [toolCall]);
      return { input, toolCalls, notes, recorded: null };
    }
    if (exchange === undefined || described !== undefined) {
      throw new ControlProblem("bad_request", "name an exchange, or describe a request");
    }
    const recorded = await readAgain(exchange, signal);
    const { input, toolCalls, decided } = recorded;
    // What had to be masked is masked in the record: it cannot be found there again.
    const notes = decided?.rule === "masking/requests" ? [`decided then: ${decided.reason}`] : [];
    return { input, toolCalls, notes, recorded };
  }

  /** A recorded exchange, with what was used up before it. */
  async function readAgain(id: string, signal: AbortSignal): Promise<PastRequest> {
    const key = options.exchangeKeyOf(id);
    const record = key === undefined ? undefined : await store.exchanges.find(key);
    if (record === undefined) {
      throw new ControlProblem(
        "not_found",
        "there is no such exchange in the record",
        "hoopx sessions show ID --json has the ids of its exchanges",
      );
    }
    const tally = language.createTally();
    for await (const earlier of past.since(dayOf(record.startedAt), signal)) {
      if (earlier.key >= record.key) break;
      await past.count(earlier, tally);
    }
    const read = await past.read(record, tally);
    if ("input" in read) return read;
    throw new ControlProblem(
      "conflict",
      `that exchange cannot be explained: ${read.unread}`,
      "describe the request instead: hoopx policy explain --operation …",
    );
  }

  function explained(policy: RulePolicy, input: PolicyInput): ExplanationView {
    const verdict = policy.evaluate(input);
    return presentExplanation(verdict, language.explain(policy.rules, verdict, input));
  }

  async function explainedCalls(
    policy: RulePolicy,
    input: PolicyInput,
    calls: readonly ToolCall[],
  ): Promise<readonly ToolCallExplanationView[]> {
    const all: ToolCallExplanationView[] = [];
    for (const call of calls) {
      const verdict = await callVerdict(policy, input, call);
      const rules = language.explain(policy.rules, verdict, input, call);
      all.push({ name: call.name, ...presentExplanation(verdict, rules) });
    }
    return all;
  }
}

/** `files.delete on openai by ada`. */
function requestText({ operation, connection, identity }: PolicyInput): string {
  const { class: kind, method, path, action, model } = operation;
  const what = kind === "unknown" ? `${method} ${path.split("?", 1)[0]}` : action;
  const by = identity.email ?? identity.subject;
  return `${what}${model === null ? "" : ` with ${model}`} on ${connection} by ${by}`;
}

/** The beginning of its day, UTC: with it budgets of a day begin. */
export function dayOf(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 86_400_000) * 86_400_000);
}
