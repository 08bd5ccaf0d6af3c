/** A write waits in flight for a person: approved, denied, retried, and kept over the daemon's death. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { GrantView, ReviewDetailView, ReviewView } from "../../src/contract/review-views.js";
import { connectedHome } from "../support/connected-home.js";
import { eventually, hoopxProgram, type Running } from "../support/home.js";

const key = "sk-real-reviews-0123456789abcdef";
const { api, home } = await connectedHome(key);

/** A test that failed leaves nothing to the next. */
afterEach(async () => {
  for (const { id } of await pending()) await home.hoopx(["deny", id]);
});

const pending = () => home.json<readonly ReviewView[]>(["reviews", "--status", "pending"]);

/** The only review that waits. */
async function theReview(count = 1): Promise<ReviewView> {
  const found = await eventually(pending, ({ length }) => length >= count);
  expect(found).toHaveLength(count);
  return found[0] as ReviewView;
}

const answerOf = async (agent: Running) =>
  JSON.parse((await agent.done).stdout.trim().split("\n").at(-1) ?? "");

test("an upload waits, is approved from another process, and is sent as it was shown", async () => {
  const before = api.calls.length;
  const agent = home.agent("ask.mjs", ["upload"]);
  const review = await theReview();
  expect(review).toMatchObject({
    status: "pending",
    kind: "request",
    operation: { action: "files.create", class: "write" },
    rule: "built-in/write-and-admin-need-a-review",
    self: true,
    by: null,
    approvalsNeeded: 1,
    decidedBy: null,
  });
  expect(await home.daemon()).toMatchObject({ reviews: 1 });
  expect(api.calls.length).toBe(before);
  const detail = await home.json<ReviewDetailView>(["reviews", "show", review.id]);
  expect(detail.body).toContain("secret plans");

  const approved = await home.hoopx(["approve", review.id, "--comment", "fine"]);
  expect(approved).toMatchObject({ code: 0 });
  expect(approved.stdout).toContain(`approved ${review.id}`);
  expect(await answerOf(agent)).toMatchObject({ id: expect.stringMatching(/^file-/), attempts: 1 });
  expect(api.calls.length).toBe(before + 1);
  expect(api.calls.at(-1)?.bodySha256).toBe(review.requestSha256);

  const settled = await home.json<ReviewDetailView>(["reviews", "show", review.id]);
  expect(settled).toMatchObject({ status: "approved", comment: "fine" });
  expect(settled.decidedBy?.issuer).toMatch(/^os:/);
  const [exchange] = await home.exchangesOf("last");
  expect(exchange).toMatchObject({ review: review.id, status: 200, error: null });
  expect(await home.lastSession()).toMatchObject({ counts: { reviewed: 1, denied: 0, errors: 0 } });
  const [grant] = await home.json<readonly GrantView[]>(["grants"]);
  expect(grant).toMatchObject({ id: settled.grant, review: review.id, scope: "once", uses: 1 });

  // What was approved once needs a review again, and no answer is taken twice.
  const again = await home.hoopx(["approve", review.id, "--json"]);
  expect(again.code).toBe(1);
  expect(JSON.parse(again.stdout).error).toMatchObject({ code: "review_settled" });
});

test("a denial reaches the agent with who, when and why, and nothing leaves", async () => {
  const before = api.calls.length;
  const agent = home.agent("ask.mjs", ["upload"]);
  const review = await theReview();
  const denied = await home.hoopx(["deny", review.id, "--comment", "not the secret plans"]);
  expect(denied.code).toBe(0);
  const answer = await answerOf(agent);
  expect(answer).toMatchObject({ status: 400, code: "review_denied", attempts: 1 });
  expect(answer.message).toMatch(/denied by \S+ at 20\d\d-.*: not the secret plans/);
  expect(api.calls.length).toBe(before);
  const [exchange] = await home.exchangesOf("last");
  expect(exchange).toMatchObject({ review: review.id, status: 400, error: "review_denied" });
  expect((await home.hoopx(["reviews", "wait", review.id])).code).toBe(3);
});

test.runIf(process.platform === "linux")("an agent cannot answer its own review", async () => {
  const upload = home.agent("ask.mjs", ["upload"]);
  const review = await theReview();
  const inside = async (...args: readonly string[]) => {
    const flags = ["run", "--", process.execPath, hoopxProgram, ...args];
    return home.start(flags).done;
  };
  for (const args of [
    ["approve", review.id],
    ["deny", review.id],
    ["daemon", "stop"],
    ["connections", "remove", "openai"],
    ["logout"],
  ]) {
    const { code, stderr } = await inside(...args);
    expect(stderr, args.join(" ")).toContain("inside the run of session");
    expect(code, args.join(" ")).toBe(3);
  }
  // Having left the tree helps nobody who kept the session's variables.
  const left = `(setsid "$0" "$1" approve ${review.id} >"$2" 2>&1 &)`;
  const out = join(home.path, "left.txt");
  await home.start(["run", "--", "sh", "-c", left, process.execPath, hoopxProgram, out]).done;
  await eventually(
    () => readFileSync(out, "utf8"),
    (text) => text.includes("hint:"),
  );
  expect(readFileSync(out, "utf8")).toContain("inside the run of session");
  // Looking is free, and so is a run below the run.
  expect((await inside("reviews")).stdout).toContain(review.id);
  const nested = await inside("run", "--", process.execPath, "-e", "console.log('nested')");
  expect(nested.stdout).toContain("nested");

  expect((await pending())[0]?.id).toBe(review.id);
  expect((await home.hoopx(["approve", review.id])).code).toBe(0);
  expect(await answerOf(upload)).toMatchObject({ attempts: 1 });
});

const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

test("a client that gives up and tries again finds its review, and the approved bytes are sent", async () => {
  const before = api.calls.length;
  const agent = home.agent("ask.mjs", ["upload"], {
    environment: { SDK_TIMEOUT: "1500", SDK_RETRIES: "5" },
  });
  const review = await theReview();
  // The SDK has left once and come back: the session has a second exchange.
  await eventually(
    () => home.exchangesOf("last"),
    (exchanges) => exchanges.filter((each) => each.review === review.id).length >= 2,
  );
  expect(await pending()).toHaveLength(1);
  expect((await home.hoopx(["approve", review.id])).code).toBe(0);
  const answer = await answerOf(agent);
  expect(answer.id).toMatch(/^file-/);
  expect(answer.attempts).toBeGreaterThan(1);
  expect(api.calls.length).toBe(before + 1);
  // Each try of the SDK has a boundary of its own: what was approved is what is sent.
  const sent = api.calls.at(-1);
  expect(digest(sent?.body as Buffer)).toBe(review.requestSha256);
  expect(sent?.header("content-type")).toContain(
    /--(\S+)\r\n/.exec(String(sent?.body))?.[1] as string,
  );
  const exchanges = await home.exchangesOf("last");
  expect(exchanges[0]).toMatchObject({ error: "client_left", status: null });
});

// Longer than a minute in silence is what breaks clients; the same is shown in short in test/daemon/path/request/approve.test.ts.
test.runIf(process.env.HOOPX_TEST_ALL === "1").each([
  ["the client waits", {}],
  ["the client gives up every 20 s", { SDK_TIMEOUT: "20000", SDK_RETRIES: "9" }],
])("an upload waits 70 s: %s", { timeout: 180_000 }, async (_name, environment) => {
  const before = api.calls.length;
  const agent = home.agent("ask.mjs", ["upload"], { environment });
  const review = await theReview();
  await pause(70_000);
  expect((await home.hoopx(["approve", review.id])).code).toBe(0);
  expect(await answerOf(agent)).toMatchObject({ id: expect.stringMatching(/^file-/) });
  expect(api.calls.length).toBe(before + 1);
  expect(api.calls.at(-1)?.bodySha256).toBe(review.requestSha256);
});
