/** Inputs of a policy, for tests that say only what matters to them. */
import type { Operation } from "../../../src/daemon/model/operation.js";
import type { PolicyInput } from "../../../src/daemon/policy/policy.js";
import { openai } from "../../../src/daemon/providers/openai/openai.js";

/** A request by ada; its class is that of the action. */
export function policyInputOf(
  operation: Partial<Operation> & { readonly action: string },
  change: Partial<PolicyInput> = {},
): PolicyInput {
  const known = openai.actions.find(({ action }) => action.name === operation.action);
  return {
    identity: {
      issuer: "https://id.example",
      subject: "ada",
      email: "ada@example.com",
      groups: ["engineering"],
      profile: null,
    },
    process: {
      pid: 7,
      pidStart: null,
      runnerPid: 6,
      runnerStart: null,
      command: "node agent.js",
      cwd: "/work",
      host: "desk",
      user: "ada",
      git: null,
      ci: null,
    },
    processCheck: "tree",
    connection: "openai",
    operation: {
      provider: "openai",
      class: known?.action.class ?? "unknown",
      mintsCredential: known?.action.mintsCredential ?? false,
      method: known?.method ?? "GET",
      path: `/v1${known?.template ?? "/odd"}`,
      model: null,
      tools: [],
      stream: false,
      hostedTools: [],
      store: false,
      background: false,
      ...operation,
    },
    requestBytes: 100,
    now: new Date(Date.UTC(2026, 0, 5, 12)),
    prompt: () => [],
    spent: () => ({ requests: 0, tokens: 0, cost: 0 }),
    ...change,
  };
}
