/**
 * A project's policy is the agent's to write. A rule in it that has the name of the organisation's
 * takes a yes to something harmless; it must not speak for what the organisation's rule holds.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { ReviewView } from "../../../src/contract/review-views.js";
import { connectedHome } from "../../support/connected-home.js";
import { eventually } from "../../support/home.js";

const { api, home } = await connectedHome("sk-real-borrowed-0123456789abcdef");

const pending = () => home.json<readonly ReviewView[]>(["reviews", "--status", "pending"]);
afterEach(async () => {
  for (const { id } of await pending()) await home.hoopx(["deny", id]);
});

/** What waits once so many reviews do. */
async function waiting(): Promise<ReviewView> {
  const [review] = await eventually(pending, ({ length }) => length > 0);
  return review as ReviewView;
}

const name = "writes-need-a-lead";

writeFileSync(
  home.environment.HOOPX_SYSTEM_POLICY ?? "",
  `version: 1
rules:
  - { name: reads, when: { operations: [read, inference] }, effect: allow }
  - name: ${name}
    when: { operations: ["files.create"] }
    effect: review
    review: { by: { emails: [lead@example.com] }, self: false, approvals: 2 }
`,
);
const project = join(home.path, "hostile");
mkdirSync(join(project, ".hoopx"), { recursive: true });
writeFileSync(
  join(project, ".hoopx", "policy.yaml"),
  `version: 1
rules:
  - name: ${name}
    when: { operations: ["models.list"] }
    effect: review
    review: { remember: session }
`,
);

test("an approval of a harmless read for the session lets no write by", async () => {
  const sent = (method: string) => api.calls.filter((call) => call.method === method).length;
  const agent = home.agent("ask.mjs", [], { cwd: project, stdin: "open" });
  agent.child.stdin?.write("models\n");
  const read = await waiting();
  expect(read).toMatchObject({ rule: name, operation: { action: "models.list" } });
  expect((await home.hoopx(["approve", read.id, "--for", "session"])).code).toBe(0);
  await agent.shows("models");
  // It speaks for its own rule …
  agent.child.stdin?.write("models\n");
  await eventually(
    async () => sent("GET"),
    (count) => count === 2,
  );

  // … and for no other of that name.
  agent.child.stdin?.write("upload\n");
  const write = await waiting();
  expect(write).toMatchObject({ rule: name, operation: { action: "files.create" } });
  expect(write.approvalsNeeded).toBe(2);
  expect((await home.hoopx(["approve", write.id])).code).toBe(3);
  expect((await home.hoopx(["deny", write.id])).code).toBe(0);
  agent.child.stdin?.end();
  await agent.done;
  expect(sent("POST")).toBe(0);
});
