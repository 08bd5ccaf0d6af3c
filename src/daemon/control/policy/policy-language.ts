/**
 * Policy language: what the control API asks of the rules' language, handed in
 * so that it runs none of it by itself.
 */
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
import type { Trial } from "../../policy/trial.js";
import type { FileProblem } from "../../yaml/checked-yaml.js";

export interface PolicyLanguage {
  readonly parse: (file: string, text: string) => Promise<ParsedPolicy>;
  readonly lint: (rules: readonly Rule[]) => Promise<readonly FileProblem[]>;
  /** What of a policy of these rules is valid and probably not meant; `file` is the one to mend. */
  readonly warnings: (rules: readonly Rule[], file: string) => Promise<readonly FileProblem[]>;
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
