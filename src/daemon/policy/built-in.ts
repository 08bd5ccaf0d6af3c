/**
 * Built-in policy: what holds where there is no policy file. What a model
 * reads and says goes on; what changes something, or is an administrator's,
 * needs the person at the keyboard; what is not known is denied. So is an
 * operation that issues a credential: it would work outside of hoopx, and
 * outlive the session.
 */
import { createHash } from "node:crypto";
import type { Effect, ReviewTerms } from "../model/decision.js";
import type { Operation, OperationClass } from "../model/operation.js";
import { createPolicy } from "./evaluate.js";
import { leaf } from "./leaf.js";
import { usualTerms } from "./parse.js";
import type { Rule, Test } from "./rule.js";

const nowhere = { line: 0, column: 0 };

function classTest(classes: readonly OperationClass[]): Test {
  return leaf(nowhere, {
    name: "operations",
    text: `operations: ${classes.join(" or ")}`,
    wants: classes,
    hit: ({ input }) => classes.find((kind) => kind === input.operation.class),
    saw: ({ input }) => `the operation is ${input.operation.action} (${input.operation.class})`,
  });
}

const mintsCredential: Test = leaf(nowhere, {
  name: "mintsCredential",
  text: "operations that issue a credential",
  wants: true,
  hit: ({ input }) => (input.operation.mintsCredential ? "it issues a credential" : undefined),
  saw: ({ input }) => `the operation is ${input.operation.action}`,
});

/** The person at the keyboard may also say yes for longer: there is no other rule that would forbid it. */
const atTheKeyboard: ReviewTerms = {
  ...usualTerms,
  atMost: { kind: "time", ms: 24 * 3_600_000 },
};

function rule(
  name: string,
  effect: Effect,
  test: Test,
  reason: (operation: Operation) => string,
): Rule {
  const when = { kind: "all", of: [test] } as const;
  const review = effect === "review" ? atTheKeyboard : null;
  return {
    name: `built-in/${name}`,
    layer: "built-in",
    file: null,
    ...nowhere,
    hash: createHash("sha256")
      .update(JSON.stringify([name, when, effect, review]))
      .digest("hex"),
    when,
    effect,
    message: null,
    reason,
    review,
    onDeny: "error",
    about: "request",
  };
}

export const builtInRules: readonly Rule[] = [
  rule(
    "no-minted-credentials",
    "deny",
    mintsCredential,
    ({ action }) =>
      `${action} hands out a credential that works outside of hoopx, and no rule allows that`,
  ),
  rule(
    "no-unknown-operations",
    "deny",
    classTest(["unknown"]),
    ({ method, path }) =>
      `${method} ${path.split("?", 1)[0]} is not an operation that hoopx knows, and no rule names it`,
  ),
  rule(
    "read-and-inference",
    "allow",
    classTest(["read", "inference"]),
    ({ action, class: kind }) => `${action} is of class ${kind}, which needs no review`,
  ),
  rule(
    "write-and-admin-need-a-review",
    "review",
    classTest(["write", "admin"]),
    ({ action, class: kind }) =>
      `${action} is of class ${kind}, and the person at the keyboard has to agree to it`,
  ),
];

/** The policy in force where no file says otherwise. */
export const builtInPolicy = createPolicy(
  builtInRules,
  createHash("sha256")
    .update(JSON.stringify(builtInRules.map(({ name, when, effect }) => [name, when, effect])))
    .digest("hex"),
);
