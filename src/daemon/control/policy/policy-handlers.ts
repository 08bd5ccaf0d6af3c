/**
 * Policy handlers: the policy in force, and what one says to requests that are
 * past, described or to come. Nothing here decides anything: a policy that is
 * tried is asked, and forgotten.
 */
import type { PolicyText } from "../../../contract/policy-views.js";
import type { RulePolicy } from "../../policy/evaluate.js";
import type { Layer, LayeredPolicy } from "../../policy/layers.js";
import type { Rule } from "../../policy/rule.js";
import type { Store } from "../../store/store.js";
import { ControlProblem } from "../control-problem.js";
import type { HandlersOf } from "../handler.js";
import { findSession } from "../sessions/session-finder.js";
import { createPolicyExplain, type PolicyExplainOptions } from "./policy-explain.js";
import type { PolicyLanguage } from "./policy-language.js";
import { createPolicyTrial } from "./policy-trial.js";
import { presentLayer, presentMasking, presentProblem, presentRule } from "./present-policy.js";

export interface PolicyHandlersOptions extends PolicyExplainOptions {
  /** The files as they are now, for who stands in this folder. */
  readonly inForce: (folder: string | undefined) => Promise<LayeredPolicy>;
  readonly language: PolicyLanguage;
  readonly store: Pick<Store, "sessions" | "exchanges">;
}

type Names = "policyShow" | "policyCheck" | "policyExplain" | "policyTest" | "policySuggest";

/** Creates the handlers of `hoopx policy`. */
export function createPolicyHandlers(options: PolicyHandlersOptions): HandlersOf<Names> {
  const { language, past, store, inForce } = options;
  const explain = createPolicyExplain(options);
  const test = createPolicyTrial(options);

  async function policyFor(
    file: PolicyText | undefined,
    folder: string | undefined,
  ): Promise<RulePolicy> {
    if (file === undefined) return (await inForce(folder)).policy;
    return language.alone(await layerOf(file)).policy;
  }

  async function layerOf({ name: file, text }: PolicyText): Promise<Layer> {
    const { rules, masking, problems } = await language.parse(file, text);
    const [first] = problems;
    if (first === undefined) {
      return { name: "user", file, text, rules, masking, problems: [], unreadable: false };
    }
    throw new ControlProblem(
      "policy_invalid",
      `${first.file}:${first.line}:${first.column}: ${first.reason}`,
      `hoopx policy check ${file}`,
    );
  }

  /** Rules that cannot be used yet say nothing of what they would let through. */
  async function warningsOf(
    rules: readonly Rule[],
    problems: readonly unknown[],
    file: string | undefined,
  ) {
    if (problems.length > 0 || file === undefined) return [];
    return (await language.warnings(rules, file)).map(presentProblem);
  }

  return {
    async policyShow({ body }) {
      const { policy, layers, problems } = await inForce(body.folder);
      const shown = layers.map((layer) =>
        presentLayer(layer, {
          hash: language.hashOf(layer.text),
          // What is left out of a file that can be read is said by its layer too.
          problems: problems.filter(({ file }) => file === layer.file),
        }),
      );
      const builtIn = policy.rules.filter(({ layer }) => layer === "built-in").length;
      return {
        hash: policy.hash,
        layers: [
          ...shown,
          ...(builtIn > 0
            ? [{ layer: "built-in" as const, file: null, hash: null, rules: builtIn, problems: [] }]
            : []),
        ],
        rules: policy.rules.map((rule) => presentRule(rule, language.sentence(rule))),
        masking: presentMasking(policy.masking),
      };
    },

    async policyCheck({ body }) {
      if (body.file === undefined) {
        const { layers, problems, policy } = await inForce(body.folder);
        const found = [...problems, ...(await language.lint(policy.rules))];
        return {
          ok: found.length === 0,
          files: layers.map(({ file }) => file),
          rules: layers.reduce((sum, { rules }) => sum + rules.length, 0),
          problems: found.map(presentProblem),
          warnings: await warningsOf(policy.rules, found, layers.find(isOwn)?.file),
        };
      }
      const { name, text } = body.file;
      const { rules, problems } = await language.parse(name, text);
      const found = problems.length > 0 ? problems : await language.lint(rules);
      // A project's file allows nothing by itself, and need not.
      const own = /(^|[\\/])\.hoopx[\\/]policy\.yaml$/.test(name) ? undefined : name;
      return {
        ok: found.length === 0,
        files: [name],
        rules: rules.length,
        problems: found.map(presentProblem),
        warnings: await warningsOf(rules, found, own),
      };
    },

    async policyExplain({ body, actor, signal }) {
      return explain(body, await policyFor(body.file, body.folder), actor, signal);
    },

    async policyTest({ body }) {
      // A file with mistakes is refused before any line is sent.
      const policy = await policyFor(body.file, body.folder);
      return async (send, signal) => {
        const tell = (exchanges: number) => send({ type: "progress", exchanges });
        const result = await test({ ...body, policy, tell, signal });
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
      const heading = `allows what session ${session.id} did, and as little else as possible`;
      const { yaml, rules, notes: more } = suggester.suggestion(heading);
      return { sessionId: session.id, yaml, rules, exchanges, notes: [...notes, ...more] };
    },
  };
}

/** The organisation's and the user's files; a project's can only narrow what they allow. */
const isOwn = ({ name }: Layer) => name !== "project";
