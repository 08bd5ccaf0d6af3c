/**
 * An agent with a screen of its own under `hoopx run`, in a real terminal: a
 * review that waits is told by the terminal's title and bell, and no byte of
 * ours lands in the agent's screen or input line.
 */
import { expect, onTestFinished, test } from "vitest";
import type { ReviewView } from "../../src/contract/review-views.js";
import { connectedHome } from "../support/connected-home.js";
import { eventually, hoopxProgram } from "../support/home.js";
import { openPty } from "../support/pty.js";

const { home } = await connectedHome("sk-real-taken-0123456789abcdef");

/** Draws an input line, asks for something that needs a review, and says how it was answered. */
const agent = (prepare: string, restore: string) => `
  const { OPENAI_BASE_URL: base, OPENAI_API_KEY: key } = process.env;
  ${prepare}
  process.stdout.write("> fix the tests");
  const headers = { authorization: "Bearer " + key, "content-type": "application/json" };
  fetch(base + "/vector_stores", { method: "POST", headers, body: "{}" }).then(async (reply) => {
    await reply.text();
    ${restore}
    process.stdout.write("\\nanswered " + (reply.headers.get("x-hoopx-exchange-id") !== null) + "\\n");
    process.exit(0);
  });`;

const enterScreen = `process.stdin.setRawMode(true); process.stdin.resume(); process.stdout.write("\\x1b[?1049h\\x1b[H");`;
const leaveScreen = `process.stdin.setRawMode(false); process.stdout.write("\\x1b[?1049l");`;
const rawOnly = "process.stdin.setRawMode(true); process.stdin.resume();";
const cooked = "process.stdin.setRawMode(false);";

async function runAndWait(script: string) {
  const pty = openPty(
    process.execPath,
    [hoopxProgram, "run", "--", process.execPath, "-e", script],
    { environment: home.environment, cwd: home.path, columns: 100 },
  );
  onTestFinished(() => pty.kill());
  await pty.shows("> fix the tests");
  const [review] = await eventually(
    () => home.json<readonly ReviewView[]>(["reviews", "--status", "pending"]),
    (pending) => pending.length === 1,
  );
  if (review === undefined) throw new Error("a review waits");
  return { pty, review };
}

test.each([
  ["with the alternate screen", enterScreen, leaveScreen],
  ["in the lines of the terminal, keys read one by one", rawOnly, cooked],
])("an agent %s", async (_, prepare, restore) => {
  const { pty, review } = await runAndWait(agent(prepare, restore));
  const title = `\u001b]2;hoopx: waits for a review: hoopx approve ${review.id}\u001b\\`;
  await eventually(
    async () => pty.raw(),
    (raw) => raw.includes(title) && raw.includes("\u0007"),
  );
  // Nothing but the agent's own text is on its screen.
  const shown = pty
    .screen()
    .split("\n")
    .filter((line) => line.trim() !== "");
  expect(shown.at(-1)).toBe("> fix the tests");
  expect(pty.screen()).not.toContain("waits for a review");
  await home.hoopx(["approve", review.id]);
  await pty.shows("answered true");
  expect((await pty.exited).exitCode).toBe(0);
  expect(pty.screen()).not.toContain("waits for a review");
  // The title is given back.
  expect(pty.raw().split("\u001b[22;2t")).toHaveLength(2);
  expect(pty.raw().split("\u001b[23;2t")).toHaveLength(2);
});

test("an agent that leaves the terminal as it was gets the line", async () => {
  const { pty, review } = await runAndWait(agent("", ""));
  await pty.shows(`hoopx approve ${review.id}`);
  expect(pty.raw()).not.toContain("\u001b]2;");
  await home.hoopx(["approve", review.id]);
  await pty.shows("answered true");
  await pty.exited;
});
