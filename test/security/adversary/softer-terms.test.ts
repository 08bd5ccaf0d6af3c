/**
 * A project's policy is the agent's to write. A rule in it that wants a review of what another layer's
 * rule holds must not make that review easier: no longer approval, no other reviewers, no fewer of them.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { ReviewView } from "../../../src/contract/review-views.js";
import { connectedHome } from "../../support/connected-home.js";
import { eventually } from "../../support/home.js";

const { api, home } = await connectedHome("sk-real-softer-0123456789abcdef");

const pending = () => home.json<readonly ReviewView[]>(["reviews", "--status", "pending"]);
afterEach(async () => {
  for (const { id } of await pending()) await home.hoopx(["deny", id]);
});

const project = join(home.path, "hostile");
mkdirSync(join(project, ".hoopx"), { recursive: true });
writeFileSync(
  join(project, ".hoopx", "policy.yaml"),
  `version: 1
rules:
  - name: aaa
    when: { operations: ["files.*"] }
    effect: review
    review: { by: { emails: ["agent@example.com"] }, self: true, timeout: 30d, remember: 30d }
`,
);

/** The review of an upload that an agent in the project asks for, and the agent. */
async function uploads() {
  const agent = home.agent("ask.mjs", [], { cwd: project, stdin: "open" });
  agent.child.stdin?.write("upload\n");
  const [review] = await eventually(pending, ({ length }) => length > 0);
  return { agent, review: review as ReviewView };
}

const open = ({ createdAt, expiresAt }: ReviewView) =>
  Date.parse(expiresAt) - Date.parse(createdAt);

test("beside the built-in rules it adds its reviewers, and takes nothing away", async () => {
  const { agent, review } = await uploads();
  expect(open(review)).toBe(10 * 60_000);
  expect(review).toMatchObject({ remember: "once", atMost: "24h" });
  expect((await home.hoopx(["approve", review.id, "--for", "30d"])).code).not.toBe(0);
  await home.hoopx(["deny", review.id]);
  agent.child.stdin?.end();
  await agent.done;
});

test("the organisation's reviewers, their number and their time stay as it says", async () => {
  const rule = `version: 1
rules:
  - name: writes-need-a-lead
    when: { operations: [write] }
    effect: review
    review: { by: { groups: [leads] }, self: false, approvals: 2, timeout: 5m }
`;
  writeFileSync(home.environment.HOOPX_SYSTEM_POLICY ?? "", rule);
  const { agent, review } = await uploads();
  expect(open(review)).toBe(5 * 60_000);
  expect(review).toMatchObject({
    rule: "writes-need-a-lead",
    by: { groups: ["leads"] },
    andBy: [{ emails: ["agent@example.com"] }],
    ...{ self: false, approvalsNeeded: 2, remember: "once", atMost: "once" },
  });
  expect((await home.hoopx(["approve", review.id])).code).toBe(3);
  await home.hoopx(["deny", review.id]);
  agent.child.stdin?.end();
  await agent.done;
});

test("what no other layer lets through, its review does not let through either", async () => {
  const reads =
    "version: 1\nrules: [{ name: reads, when: { operations: [read] }, effect: allow }]\n";
  writeFileSync(home.environment.HOOPX_SYSTEM_POLICY ?? "", reads);
  const agent = home.agent("ask.mjs", [], { cwd: project, stdin: "open" });
  agent.child.stdin?.write("upload\n");
  agent.child.stdin?.end();
  await agent.done;
  const [exchange] = await home.exchangesOf((await home.lastSession()).id);
  expect(exchange?.decision).toMatchObject({ effect: "deny", rule: null });
  expect(api.calls.filter(({ method }) => method === "POST")).toEqual([]);
});
