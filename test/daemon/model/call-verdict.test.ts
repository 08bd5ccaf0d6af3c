import { expect, test } from "vitest";
import { callVerdict } from "../../../src/daemon/model/call-verdict.js";
import type { ToolCall } from "../../../src/daemon/model/review.js";

test("prompt and arguments are read before a tool call is judged", async () => {
  const call: ToolCall = { name: "shell", arguments: "{}", kind: "function" };
  const steps: unknown[] = [];
  const policy = {
    async prepare(input: string, asked?: ToolCall) {
      await new Promise((resolve) => setImmediate(resolve));
      steps.push([input, asked?.name]);
    },
    evaluateToolCall(input: string, { name }: ToolCall) {
      steps.push(`judged ${input} ${name}`);
      return { effect: "allow", rule: null, reason: "no rule speaks of it" } as const;
    },
  };
  expect(await callVerdict(policy, "request", call)).toMatchObject({ effect: "allow" });
  expect(steps).toEqual([["request", undefined], ["request", "shell"], "judged request shell"]);
});
