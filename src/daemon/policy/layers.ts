/**
 * Layers: the organisation's, the user's and a project's file as one policy.
 * Rules of all of them are asked together, and the strictest wins; but a
 * project's file lies where an agent can write, so it can only narrow: its
 * rules that allow are left out, and that is said.
 */
import { createHash } from "node:crypto";
import type { FileProblem } from "../yaml/checked-yaml.js";
import { problemLine } from "../yaml/checked-yaml.js";
import { builtInPolicy, builtInRules } from "./built-in.js";
import { createPolicy, type RulePolicy } from "./evaluate.js";
import { type LayerMasking, maskingLeftOut, maskingOf } from "./masking.js";
import type { LayerName, Rule } from "./rule.js";

export interface Layer {
  readonly name: Exclude<LayerName, "built-in">;
  readonly file: string;
  readonly text: string;
  readonly rules: readonly Rule[];
  readonly masking: LayerMasking | undefined;
  /** What is wrong with the file as it is now; the text and rules are those of the last good one. */
  readonly problems: readonly FileProblem[];
  /** There was no good one yet: nothing may pass until there is. */
  readonly unreadable: boolean;
}

export interface LayeredPolicy {
  readonly policy: RulePolicy;
  readonly problems: readonly FileProblem[];
  /** The files it comes from; none: the built-in rules. */
  readonly layers: readonly Layer[];
}

/** Puts the layers that there are together; the built-in rules hold where neither organisation nor user has a file. */
export function layeredPolicy(given: readonly Layer[]): LayeredPolicy {
  const own = given.some(({ name }) => name !== "project");
  if (given.length === 0) return { policy: builtInPolicy, problems: [], layers: [] };
  const rules = given.flatMap((layer) => [...rulesOf(layer)]);
  const digest = createHash("sha256");
  if (!own) digest.update(builtInPolicy.hash);
  for (const { name, text, unreadable } of given) {
    digest.update(JSON.stringify([name, unreadable, text]));
  }
  return {
    policy: createPolicy(
      [...rules, ...(own ? [] : builtInRules)],
      digest.digest("hex"),
      maskingOf(given),
    ),
    problems: [
      ...given.flatMap((layer) => [...layer.problems, ...widening(layer)]),
      ...maskingLeftOut(given),
    ],
    layers: given,
  };
}

function rulesOf(layer: Layer): readonly Rule[] {
  if (layer.unreadable) return [closed(layer, "request"), closed(layer, "tool-call")];
  if (layer.name !== "project") return layer.rules;
  return layer.rules.filter(({ effect }) => effect !== "allow");
}

/** What a project's file would allow besides, and does not. */
function widening({ name, file, rules }: Layer): readonly FileProblem[] {
  if (name !== "project") return [];
  return rules
    .filter(({ effect }) => effect === "allow")
    .map((rule) => ({
      file,
      line: rule.line,
      column: rule.column,
      reason: `the rule ${rule.name} allows, and a project's policy can only narrow: it is left out`,
      hint: "move it to policy.yaml in hoopx's config folder",
    }));
}

/** Where rules cannot be read, one that might have denied could be among them. */
function closed({ name, file, problems }: Layer, about: Rule["about"]): Rule {
  const first = problems[0];
  const where = first === undefined ? file : problemLine(first);
  const reason = `the ${name === "user" ? "" : `${name}'s `}policy cannot be read: ${where}`;
  return {
    name: "policy-unreadable",
    layer: name,
    file,
    line: first?.line ?? 1,
    column: first?.column ?? 1,
    hash: createHash("sha256").update(reason).digest("hex"),
    when: { kind: "all", of: [] },
    effect: "deny",
    message: reason,
    reason: () => reason,
    review: null,
    onDeny: "error",
    about,
  };
}
