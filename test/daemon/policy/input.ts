/** Policy inputs as a test wants them: an ordinary request, with what matters changed. */
import type { Identity } from "../../../src/daemon/model/identity.js";
import type { Operation } from "../../../src/daemon/model/operation.js";
import type { SessionProcess } from "../../../src/daemon/model/session.js";
import { createPolicy, type RulePolicy } from "../../../src/daemon/policy/evaluate.js";
import { parsePolicy } from "../../../src/daemon/policy/parse.js";
import type { PolicyInput } from "../../../src/daemon/policy/policy.js";
import { problemLine } from "../../../src/daemon/yaml/checked-yaml.js";

export interface InputChange extends Partial<Omit<PolicyInput, "operation" | "process">> {
  readonly operation?: Partial<Operation>;
  readonly process?: Partial<SessionProcess>;
  readonly who?: Partial<Identity>;
  readonly text?: string | readonly string[];
}

export function inputOf(change: InputChange = {}): PolicyInput {
  const { operation, process, who, text = [], ...rest } = change;
  return {
    identity: {
      issuer: "https://login.example",
      subject: "u-17",
      email: "Ada@Example.com",
      groups: ["engineering", "leads"],
      profile: "work",
      ...who,
    },
    process: {
      pid: 1,
      pidStart: null,
      runnerPid: 1,
      runnerStart: null,
      command: "node agent.mjs --fast",
      cwd: "/work",
      host: "Desk.local",
      user: "ada",
      git: null,
      ci: null,
      ...process,
    },
    processCheck: "tree",
    connection: "openai",
    operation: {
      provider: "openai",
      action: "responses.create",
      class: "inference",
      mintsCredential: false,
      method: "POST",
      path: "/v1/responses?a=b",
      model: "gpt-5-mini",
      tools: ["search", "web_search"],
      stream: false,
      hostedTools: ["web_search"],
      store: true,
      background: false,
      ...operation,
    },
    requestBytes: 1000,
    // A Wednesday.
    now: new Date("2026-11-25T22:30:00Z"),
    prompt: () => (typeof text === "string" ? [text] : text),
    spent: () => ({ requests: 10, tokens: 2000, cost: 0.5 }),
    ...rest,
  };
}

/** The policy of a file's text, which has no problem. */
export async function policyOf(text: string): Promise<RulePolicy> {
  const { rules, problems } = await parsePolicy("policy.yaml", text, "user");
  if (problems.length > 0) throw new Error(problems.map(problemLine).join("\n"));
  return createPolicy(rules, "hash");
}

/** The policy of one rule, by its condition. */
export function policyWhen(when: string, effect = "allow"): Promise<RulePolicy> {
  return policyOf(`version: 1\nrules:\n  - { name: r, when: { ${when} }, effect: ${effect} }\n`);
}
