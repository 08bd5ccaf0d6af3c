/**
 * Policy handlers: the policy in force, and what one says to requests that are
 * past, described or to come. Nothing here decides anything: a policy that is
 * tried is asked, and forgotten.
 */
import type {
  ExplanationView,
  PolicyExplainView,
  PolicyTestView,
  PolicyText,
  ToolCallExplanationView,
} from "../../../contract/policy-views.js";
import type { ExplainPolicy, TestPolicy } from "../../../contract/routes.js";
import type { Verdict } from "../../model/decision.js";
import type { ToolCall } from "../../model/review.js";
import type { RulePolicy } from "../../policy/evaluate.js";
import type { RuleExplained } from "../../policy/explain.js";
import type { Layer, LayeredPolicy } from "../../policy/layers.js";
import type { ParsedPolicy } from "../../policy/parse.js";
import type { PolicyInput } from "../../policy/policy.js";
import type { Rule } from "../../policy/rule.js";
import type { Suggester } from "../../policy/suggest.js";
import type { Tally } from "../../policy/tally.js";
import type { PastRequest, Trial } from "../../policy/trial.js";
import type { Store } from "../../store/store.js";
import type { FileProblem } from "../../yaml/checked-yaml.js";
import { ControlProblem } from "../control-problem.js";
import type { createDescribedRequests } from "../described-request.js";
import type { HandlersOf } from "../handler.js";
import type { PastRequests } from "../past-requests.js";
import {
  presentChange,
  presentExplanation,
  presentLayer,
  presentProblem,
  presentRule,
} from "../present-policy.js";
import { findSession } from "../session-finder.js";

/** The rules' language, as these handlers use it. */
export interface PolicyLanguage {
  readonly parse: (file: string, text: string) => Promise<ParsedPolicy>;
  readonly lint: (rules: readonly Rule[]) => readonly FileProblem[];
  /** The policy that a file alone makes. */
  readonly alone: (layer: Layer) => LayeredPolicy;
  readonly sentence: (rule: Rule) => string;
  readonly explain: (
    rules: readonly Rule[],
    verdict: Verdict,
    input: PolicyInput,
    toolCall?: ToolCall,
  ) => readonly RuleExplained[];
  readonly createTrial: (policy: RulePolicy) => Trial;
  readonly createTally: () => Tally;
  readonly createSuggester: () => Suggester;
  readonly hashOf: (text: string) => string;
}

export interface PolicyHandlersOptions {
  /** The files as they are now, for who stands in this folder. */
  readonly inForce: (folder: string | undefined) => Promise<LayeredPolicy>;
  readonly language: PolicyLanguage;
  readonly past: PastRequests;
  readonly imagine: ReturnType<typeof createDescribedRequests>;
  readonly store: Pick<Store, "sessions" | "exchanges">;
  readonly exchangeKeyOf: (id: string) => bigint | undefined;
}

type Names = "policyShow" | "policyCheck" | "policyExplain" | "policyTest" | "policySuggest";

/** Exchanges after which a test says how far it is. */
const tellEvery = 500;

/** Creates the handlers of `hoopx policy`. */
export function createPolicyHandlers(options: PolicyHandlersOptions): HandlersOf<Names> {
  const { language, past, store } = options;

  async function layerOf({ name: file, text }: PolicyText): Promise<Layer> {
    const { rules, problems } = await language.parse(file, text);
    const [first] = problems;
    if (first === undefined) {
      return { name: "user", file, text, rules, problems: [], unreadable: false };
    }
    throw new ControlProblem(
      "policy_invalid",
      `${first.file}:${first.line}:${first.column}: ${first.reason}`,
      `hoopx policy check ${file} shows everything wrong with it`,
    );
  }

  async function policyFor(file: PolicyText | undefined, folder: string | undefined) {
    if (file === undefined) return (await options.inForce(folder)).policy;
    return language.alone(await layerOf(file)).policy;
  }

  function explained(policy: RulePolicy, input: PolicyInput): ExplanationView {
    const verdict = policy.evaluate(input);
    return presentExplanation(verdict, language.explain(policy.rules, verdict, input));
  }

  function explainedCall(
    policy: RulePolicy,
    input: PolicyInput,
    call: ToolCall,
  ): ToolCallExplanationView {
    const verdict = policy.evaluateToolCall(input, call);
    const rules = language.explain(policy.rules, verdict, input, call);
    return { name: call.name, ...presentExplanation(verdict, rules) };
  }

  async function asked({ exchange, described, folder }: ExplainPolicy, signal: AbortSignal) {
    if ((exchange === undefined) === (described === undefined)) {
      throw new ControlProblem("bad_request", "name an exchange, or describe a request");
    }
    if (described !== undefined) {
      const { input, toolCall, notes } = await options.imagine(described, folder);
      return { input, toolCalls: toolCall ? [toolCall] : [], notes, recorded: null };
    }
    const found = await recorded(exchange ?? "", signal);
    const toolCalls = await found.toolCalls();
    return { input: found.input, toolCalls, notes: [], recorded: found };
  }

  /** A recorded exchange, with what was used up before it. */
  async function recorded(id: string, signal: AbortSignal): Promise<PastRequest> {
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
    throw new ControlProblem("conflict", `that exchange cannot be explained: ${read.unread}`);
  }

  async function test(
    { since, file }: TestPolicy,
    policy: RulePolicy,
    tell: (exchanges: number) => Promise<void>,
    signal: AbortSignal,
  ): Promise<PolicyTestView> {
    const trial = language.createTrial(policy);
    const tally = language.createTally();
    const from = new Date(since);
    const unread = new Map<string, number>();
    let read = 0;
    // Budgets of a day begin with it.
    for await (const record of past.since(dayOf(from), signal)) {
      if (record.startedAt >= from) {
        const next = await past.read(record, tally);
        if ("input" in next) await trial.add(next);
        else unread.set(next.unread, (unread.get(next.unread) ?? 0) + 1);
        read += 1;
        if (read % tellEvery === 0) await tell(read);
        // What is being decided on the data path goes before what was decided long ago.
        await new Promise((resolve) => setImmediate(resolve));
      }
      await past.count(record, tally);
    }
    const { exchanges, same, changed, changes, decidedBy } = trial.result();
    const skipped = [...unread.values()].reduce((sum, count) => sum + count, 0);
    return {
      policyHash: policy.hash,
      file: file?.name ?? null,
      since: from.toISOString(),
      exchanges,
      same,
      changed,
      skipped,
      changes: changes.map(presentChange),
      rules: policy.rules.map(({ name, effect }) => ({
        rule: name,
        effect,
        decided: decidedBy.get(name) ?? 0,
      })),
      notes: [...unread].map(([why, count]) => `${count} not read again: ${why}`),
    };
  }

  return {
    async policyShow({ body }) {
      const { policy, layers, problems } = await options.inForce(body.folder);
      const shown = layers.map((layer) => ({
        ...layer,
        // What is left out of a file that can be read is said by its layer too.
        problems: problems.filter(({ file }) => file === layer.file),
      }));
      return {
        hash: policy.hash,
        layers:
          shown.length === 0 || policy.rules.some(({ layer }) => layer === "built-in")
            ? [...shown.map(layerView), builtIn(policy)]
            : shown.map(layerView),
        rules: policy.rules.map((rule) => presentRule(rule, language.sentence(rule))),
      };
    },

    async policyCheck({ body }) {
      if (body.file === undefined) {
        const { layers, problems, policy } = await options.inForce(body.folder);
        const found = [...problems, ...language.lint(policy.rules)];
        return {
          ok: found.length === 0,
          files: layers.map(({ file }) => file),
          rules: layers.reduce((sum, { rules }) => sum + rules.length, 0),
          problems: found.map(presentProblem),
        };
      }
      const { name, text } = body.file;
      const { rules, problems } = await language.parse(name, text);
      const found = problems.length > 0 ? problems : language.lint(rules);
      return {
        ok: found.length === 0,
        files: [name],
        rules: rules.length,
        problems: found.map(presentProblem),
      };
    },

    async policyExplain({ body, signal }): Promise<PolicyExplainView> {
      const policy = await policyFor(body.file, body.folder);
      const { input, toolCalls, notes, recorded: then } = await asked(body, signal);
      const request = explained(policy, input);
      // A request that is denied has no reply.
      const calls =
        request.verdict.effect === "deny"
          ? []
          : toolCalls.map((call) => explainedCall(policy, input, call));
      const effects = [request, ...calls].map(({ verdict }) => verdict.effect);
      return {
        policyHash: policy.hash,
        effect: strictness.find((effect) => effects.includes(effect)) ?? "deny",
        request: requestText(input),
        exchange: then?.exchangeId ?? null,
        recorded: then?.decided ?? null,
        ...request,
        toolCalls: calls,
        notes,
      };
    },

    async policyTest({ body }) {
      const policy = await policyFor(body.file, body.folder);
      return async (send, signal) => {
        const tell = (exchanges: number) => send({ type: "progress", exchanges });
        const result = await test(body, policy, tell, signal);
        if (!signal.aborted) await send({ type: "done", result });
      };
    },

    async policySuggest({ body }) {
      const session = await findSession(store.sessions, body.session);
      const suggester = language.createSuggester();
      const tally = language.createTally();
      const notes: string[] = [];
      let exchanges = 0;
      for (const record of await store.exchanges.ofSession(session.id)) {
        const next = await past.read(record, tally);
        if ("input" in next) {
          suggester.add(next);
          exchanges += 1;
        } else notes.push(`#${record.seq} is not in it: ${next.unread}`);
      }
      const heading = `what session ${session.id} did, and as little else as can be said`;
      const suggestion = suggester.suggestion(heading);
      return {
        sessionId: session.id,
        yaml: suggestion.yaml,
        rules: suggestion.rules,
        exchanges,
        notes: [...notes, ...suggestion.notes],
      };
    },
  };

  function layerView(layer: Layer) {
    return presentLayer(layer, language.hashOf(layer.text));
  }
}

const strictness = ["deny", "review", "allow"] as const;

function builtIn({ rules }: RulePolicy) {
  const own = rules.filter(({ layer }) => layer === "built-in");
  return { layer: "built-in" as const, file: null, hash: null, rules: own.length, problems: [] };
}

/** `files.delete on openai by ada`. */
function requestText({ operation, connection, identity }: PolicyInput): string {
  const { class: kind, method, path, action, model } = operation;
  const what = kind === "unknown" ? `${method} ${path.split("?", 1)[0]}` : action;
  const by = identity.email ?? identity.subject;
  return `${what}${model === null ? "" : ` with ${model}`} on ${connection} by ${by}`;
}

/** The beginning of its day, UTC. */
function dayOf(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 86_400_000) * 86_400_000);
}
