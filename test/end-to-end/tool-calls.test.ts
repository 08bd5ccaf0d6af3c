/**
 * A model asks an agent to delete a file. The call waits in the reply, runs
 * once a second process approves it, and never runs where it is denied: a real
 * Agents SDK, the built program, a policy file.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { ReviewView } from "../../src/contract/review-views.js";
import { connectedHome } from "../support/connected-home.js";
import { eventually } from "../support/home.js";

const key = "sk-real-tool-calls-0123456789abcdef";
const { api, home } = await connectedHome(key);

const file = () => join(home.path, "Secrets");
beforeEach(() => writeFileSync(file(), "keep me"));

/** Writes the policy, and waits until the daemon has it in force. */
async function policy(effect: string): Promise<void> {
  mkdirSync(join(home.path, "config"), { recursive: true });
  const text = `version: 1
rules:
  - name: may-infer
    when: { operations: [inference] }
    effect: allow
  - name: deletes
    when: { toolCall: { names: ["delete_*"], arguments: { matches: ['Secrets'] } } }
    ${effect}
`;
  writeFileSync(join(home.path, "config", "policy.yaml"), text);
  const { policy: inForce } = await home.daemon();
  expect(inForce).toMatchObject({ problems: [] });
}

const pending = () => home.json<readonly ReviewView[]>(["reviews", "--status", "pending"]);
const ways = [[], ["--stream"], ["--chat"], ["--chat", "--stream"]].map((flags) => ({ flags }));

test.each(ways)("$flags: waits, is approved by a second process, runs", async ({ flags }) => {
  await policy("effect: review");
  const before = api.calls.length;
  const agent = home.agent("cleaner.mjs", flags);
  const [review] = await eventually(pending, ({ length }) => length > 0);
  expect(review).toMatchObject({
    kind: "tool-call",
    toolCall: { name: "delete_file", arguments: '{"path":"Secrets"}' },
    rule: "deletes",
  });
  expect(existsSync(file())).toBe(true);
  expect((await home.hoopx(["approve", review?.id ?? ""])).code).toBe(0);
  const { stdout, code } = await agent.done;
  expect(stdout).toBe("I asked the tool, and it says: deleted Secrets\n");
  expect(code).toBe(0);
  expect(existsSync(file())).toBe(false);
  expect(api.calls.length).toBe(before + 2);
  const { stdout: shown } = await home.hoopx(["replay", "last", "--instant"]);
  expect(shown).toContain(`tool call delete_file approved, rule deletes, review ${review?.id}`);
});

test.each(ways)("$flags: denied by a person, ends with our message", async ({ flags }) => {
  await policy("effect: review");
  const agent = home.agent("cleaner.mjs", flags);
  const [review] = await eventually(pending, ({ length }) => length > 0);
  expect((await home.hoopx(["deny", review?.id ?? "", "--comment", "not today"])).code).toBe(0);
  const { stdout, code } = await agent.done;
  expect(stdout).toMatch(/^failed: .*hoopx: tool call delete_file denied by .*not today/);
  expect(code).toBe(1);
  expect(existsSync(file())).toBe(true);
});

test.each(ways)("$flags: denied by a rule, ends with our message", async ({ flags }) => {
  await policy("effect: deny\n    message: files stay");
  const before = api.calls.length;
  const { stdout, code } = await home.agent("cleaner.mjs", flags).done;
  expect(stdout).toMatch(
    /^failed: .*hoopx: tool call delete_file denied by rule deletes: files stay/,
  );
  expect(code).toBe(1);
  expect(existsSync(file())).toBe(true);
  // No SDK tries a denied call again.
  expect(api.calls.length).toBe(before + 1);
  const [exchange] = await home.exchangesOf("last");
  expect(exchange).toMatchObject({ error: "tool_call_denied" });
  const { stdout: shown } = await home.hoopx(["replay", "last", "--instant"]);
  expect(shown).toContain("tool call delete_file denied by rule deletes");
});

test("denied and told to the model: the agent ends with the refusal as its answer", async () => {
  await policy("effect: deny\n    onDeny: tell-model\n    message: files stay");
  for (const { flags } of ways) {
    const { stdout, code } = await home.agent("cleaner.mjs", flags).done;
    expect(stdout).toBe("hoopx: tool call delete_file denied by rule deletes: files stay\n");
    expect(code).toBe(0);
  }
  expect(existsSync(file())).toBe(true);
});
