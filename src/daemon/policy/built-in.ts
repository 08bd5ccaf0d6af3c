/**
 * Built-in policy: what holds where there is no policy file. What a model
 * reads and says goes on; what changes something, or is an administrator's,
 * needs the person at the keyboard; what nobody knows is denied. So is what
 * hands out a credential: it would work outside of hoopx, and outlive the
 * session.
 */
import { createHash } from "node:crypto";
import type { ReviewTerms, Verdict } from "../model/decision.js";
import type { Operation, OperationClass } from "../model/operation.js";
import type { Policy } from "./policy.js";

interface Rule {
  readonly name: string;
  /** What it is about; for the hash, so that a changed rule has another one. */
  readonly matches: readonly OperationClass[] | "mints-credential";
  readonly effect: Verdict["effect"];
  readonly reason: (operation: Operation) => string;
}

/** Whoever is at the keyboard may also say yes for longer: there is no other rule that would forbid it. */
const atTheKeyboard: ReviewTerms = {
  by: null,
  self: true,
  timeoutMs: 10 * 60_000,
  remember: { kind: "once" },
  atMost: { kind: "time", ms: 24 * 3_600_000 },
  approvals: 1,
};

/** The first that matches decides. */
const rules: readonly Rule[] = [
  {
    name: "built-in/no-minted-credentials",
    matches: "mints-credential",
    effect: "deny",
    reason: ({ action }) =>
      `${action} hands out a credential that works outside of hoopx, and no rule allows that`,
  },
  {
    name: "built-in/no-unknown-operations",
    matches: ["unknown"],
    effect: "deny",
    reason: ({ method, path }) =>
      `${method} ${path.split("?", 1)[0]} is no operation that hoopx knows, and no rule names it`,
  },
  {
    name: "built-in/read-and-inference",
    matches: ["read", "inference"],
    effect: "allow",
    reason: ({ action, class: kind }) => `${action} is of class ${kind}, which needs no review`,
  },
  {
    name: "built-in/write-and-admin-need-a-review",
    matches: ["write", "admin"],
    effect: "review",
    reason: ({ action, class: kind }) =>
      `${action} is of class ${kind}, and the person at the keyboard has to agree to it`,
  },
];

/** The policy in force where no file says otherwise. */
export const builtInPolicy: Policy = {
  hash: createHash("sha256")
    .update(
      JSON.stringify([
        atTheKeyboard,
        rules.map(({ name, matches, effect }) => [name, matches, effect]),
      ]),
    )
    .digest("hex"),
  evaluate({ operation }) {
    const rule = rules.find(({ matches }) =>
      matches === "mints-credential"
        ? operation.mintsCredential
        : matches.includes(operation.class),
    );
    if (rule !== undefined) {
      const verdict = { effect: rule.effect, rule: rule.name, reason: rule.reason(operation) };
      return rule.effect === "review" ? { ...verdict, review: atTheKeyboard } : verdict;
    }
    return { effect: "deny", rule: null, reason: `no rule speaks of ${operation.action}` };
  },
  watchesToolCalls: () => false,
  evaluateToolCall: () => ({ effect: "allow", rule: null, reason: "no rule speaks of tool calls" }),
};
