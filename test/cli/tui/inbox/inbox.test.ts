/**
 * The inbox in a real terminal, the built program against a daemon whose desk a
 * test holds: golden screens at two sizes with and without colour, bursts of
 * keys, two reviewers, a daemon that comes back, and a terminal given back.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openPty, type Pty } from "../../../support/pty.js";
import { type BuiltCli, buildCli } from "../../support/built-cli.js";
import { type FakeDaemon, startFakeDaemon } from "../../support/fake-daemon.js";
import {
  createFakeReviews,
  type FakeReviews,
  reviewer,
  reviewView,
} from "../../support/fake-reviews.js";
import { runCli } from "../../support/run-cli.js";
import { sampleReviews } from "../../support/sample-reviews.js";

let cli: BuiltCli;
let home: string;
let reviews: FakeReviews;
let daemon: FakeDaemon;
const open: Pty[] = [];

beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "hoopx-inbox-"));
  reviews = createFakeReviews();
  daemon = await startFakeDaemon(home, reviews.answers);
});
afterEach(async () => {
  for (const pty of open.splice(0)) pty.kill();
  await daemon.close();
  rmSync(home, { recursive: true });
});

/** All that this one asks for is on the screen, and has been for a moment. */
async function showsAll(pty: Pty, at: number): Promise<void> {
  await pty.shows(new RegExp(`agent of ${at}\\.[\\s\\S]*it has none`));
  await look();
}

interface Size {
  readonly columns?: number;
  readonly rows?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What came by itself takes no answer for the first 400 ms. */
const look = () => delay(450);

async function openInbox(size: Size = {}): Promise<Pty> {
  const environment = {
    PATH: process.env.PATH ?? "",
    LANG: "C.UTF-8",
    HOOPX_HOME: home,
    // Somebody sits there, whatever it says.
    CI: "true",
    ...size.environment,
  };
  const pty = openPty(process.execPath, [cli.program, "approve"], {
    ...size,
    environment,
    cwd: home,
  });
  open.push(pty);
  await pty.shows(/ live/);
  await look();
  return pty;
}

const numbered = (count: number) => {
  const start = Date.now() - 600_000;
  return Array.from({ length: count }, (_, at) =>
    reviewView(`rev_${at}`, {
      createdAt: new Date(start + at).toISOString(),
      expiresAt: new Date(start + 3_600_000).toISOString(),
      process: { ...reviewView("any").process, command: `agent of ${at}.` },
    }),
  );
};

const sizes = [
  { columns: 80, rows: 24, environment: {} },
  { columns: 120, rows: 40, environment: {} },
  { columns: 80, rows: 24, environment: { NO_COLOR: "1" } },
  { columns: 120, rows: 40, environment: { NO_COLOR: "1" } },
];

test.each(sizes)("golden screens: $columns×$rows $environment", async (size) => {
  for (const review of sampleReviews(new Date())) reviews.open(review);
  const plain = "NO_COLOR" in size.environment;
  const pty = await openInbox(size);
  const seen = (name: string) =>
    expect(`${plain ? pty.screen() : pty.styled()}\n`).toMatchFileSnapshot(
      `golden/${name}-${size.columns}x${size.rows}${plain ? "-plain" : ""}.txt`,
    );
  await pty.shows("3 reviews pending");
  await pty.shows("it has none");
  await seen("list");
  pty.type("j\r");
  // Whole: its body has come.
  await pty.shows(/lines 1–\d+ of [45]\d/);
  await seen("open");
  await look();
  pty.type("s");
  await pty.shows("y approves");
  await seen("confirm");
  pty.type("\u001b");
  await pty.shows("not approved");
  pty.type("/masked\r");
  await pty.shows("match 1 of 1");
  await seen("search");
  pty.type("qdnot the archive");
  await pty.shows("not the archive");
  await seen("deny");
  pty.type("\r");
  await pty.shows("denied by bob@example.com: not the archive · rev_shell");
  await seen("denied");
  pty.type("?");
  await pty.shows("any key goes back");
  await seen("help");
  expect(reviews.told).toEqual(["deny rev_shell not the archive"]);
  // The words are the terminal's own: nothing raw came through.
  expect(pty.raw()).not.toMatch(/[\u0007\u202e]/);
});

test("keys while the first call is under way: all count, each for its review", async () => {
  for (const review of numbered(3)) reviews.open(review);
  const release = reviews.hold();
  const pty = await openInbox();
  for (const at of [0, 1, 2]) {
    await showsAll(pty, at);
    pty.type("a");
    await pty.shows(at === 0 ? "1 answer on the way" : `${at + 1} answers on the way`);
    pty.type("n");
  }
  release();
  await reviews.hears(3);
  expect(reviews.told).toEqual([0, 1, 2].map((at) => `approve rev_${at} once`));
  await pty.shows("0 reviews pending");
});

test("fifty keys in one go: only what was on the screen is answered", async () => {
  for (const review of numbered(25)) reviews.open(review);
  const pty = await openInbox();
  await showsAll(pty, 0);
  pty.type("an".repeat(25));
  await pty.shows("24 reviews pending");
  await look();
  expect(reviews.told).toEqual(["approve rev_0 once"]);
});

test("a comment typed for a review that was answered elsewhere runs as no keys", async () => {
  for (const review of numbered(3)) reviews.open(review);
  const pty = await openInbox();
  await pty.shows("agent of 0.");
  reviews.settle("rev_0", { status: "denied", decidedBy: reviewer });
  await pty.shows("denied by bob@example.com");
  pty.type("dnot now, that table is production\rty");
  await pty.shows("nothing is typed (Esc)");
  await look();
  expect(reviews.told).toEqual([]);
  pty.type("\u001b");
  await pty.shows("n next");
  pty.type("j");
  await showsAll(pty, 1);
  pty.type("a");
  await reviews.hears(1);
  expect(reviews.told).toEqual(["approve rev_1 once"]);
});

test("v shows what is hidden, in its place", async () => {
  const mark = "[hidden 1: 8 characters, card]";
  const body = `{"card":"${mark}"}`;
  const hidden = [
    { number: 1, at: body.indexOf("["), length: mark.length, characters: 8, what: "card" },
  ];
  reviews.open(reviewView("rev_card", { body, hidden }));
  const pty = await openInbox();
  await pty.shows(mark);
  pty.type("v");
  await pty.shows('"card": "secret 1"');
});

test("text pasted by the terminal answers nothing", async () => {
  for (const review of numbered(2)) reviews.open(review);
  const pty = await openInbox();
  await pty.shows("2 reviews pending");
  pty.type("\u001b[200~aaa\rddd\r\u001b[201~");
  await pty.shows("pasted text does not answer");
  await showsAll(pty, 0);
  pty.type("t");
  await pty.shows("y approves");
  pty.type("y");
  await pty.shows("approved by bob@example.com");
  expect(reviews.told).toEqual(["approve rev_0 time 900"]);
});

test("five hundred pending: every one can be reached", async () => {
  for (const review of numbered(500)) reviews.open(review);
  const pty = await openInbox();
  await pty.shows("500 reviews pending");
  pty.type("G");
  await pty.shows("agent of 499.");
  pty.type("kk");
  await showsAll(pty, 497);
  pty.type("s");
  await pty.shows("y approves");
  pty.type("y");
  await reviews.hears(1);
  expect(reviews.told).toEqual(["approve rev_497 session"]);
  await pty.shows("499 reviews pending");
});

test("resize: smaller, too small to answer, larger; nothing old is left on the screen", async () => {
  for (const review of sampleReviews(new Date())) reviews.open(review);
  const pty = await openInbox({ columns: 120, rows: 40 });
  await pty.shows("3 reviews pending");
  pty.resize(60, 15);
  await pty.shows(/^hoopx approve · 3 reviews pending {23}live\n/);
  pty.resize(40, 8);
  await pty.shows(/^too small\nhoopx approve needs 50×10, this is 40×8\nq quits$/);
  // Refused before the screen grows: a key and a resize that come together may be taken in any order.
  pty.type("a");
  await pty.shows(/q quits\nnothing is shown/);
  pty.resize(80, 24);
  await pty.shows(/ live/);
  expect(pty.screen().split("\n")).toHaveLength(24);
  expect(pty.screen()).not.toContain("q quits");
  expect(reviews.told).toEqual([]);
});

test("two reviewers: each sees the other's answer, by whom, and it moves out", async () => {
  for (const review of numbered(3)) reviews.open(review);
  const one = await openInbox();
  const two = await openInbox();
  await one.shows("3 reviews pending");
  await two.shows("3 reviews pending");
  two.type("j");
  await two.shows("agent of 1.");
  await showsAll(one, 0);
  one.type("a");
  await two.shows("approved by bob");
  await one.shows("2 reviews pending");
  // The list of the other moved; what is selected did not.
  two.type("dno\r");
  await one.shows("denied by bob");
  expect(reviews.told).toEqual(["approve rev_0 once", "deny rev_1 no"]);
  one.type("j");
  await expect.poll(() => two.screen().includes("approved by")).toBe(false);
});

test("settled elsewhere, or refused: said in place, and nothing is sent twice", async () => {
  for (const review of numbered(2)) reviews.open(review);
  const pty = await openInbox();
  await pty.shows("2 reviews pending");
  reviews.refuse("you asked for it yourself", "ask one of leads");
  await showsAll(pty, 0);
  pty.type("a");
  await pty.shows("refused: you asked for it yourself (ask one of leads)");
  reviews.settle("rev_0", {
    status: "approved",
    decidedBy: { ...reviewer, email: "eve@example.com" },
  });
  await pty.shows("approved by eve@example.com");
  pty.type("a");
  await pty.shows("already approved by eve@example.com");
  expect(reviews.told).toEqual(["approve rev_0 once"]);
});

test("the daemon goes and comes back: said, connected again by itself, up to date", async () => {
  for (const review of numbered(2)) reviews.open(review);
  const pty = await openInbox();
  await pty.shows("2 reviews pending");
  await daemon.close();
  await pty.shows("not connected");
  const [, , third] = numbered(3);
  if (third) reviews.open(third);
  daemon = await startFakeDaemon(home, reviews.answers);
  await pty.shows("3 reviews pending");
  await pty.shows(/ live/);
  await showsAll(pty, 0);
  pty.type("a");
  await pty.shows("approved by bob@example.com");
});

const ends: readonly (readonly [string, (pty: Pty) => void])[] = [
  ["q", (pty) => pty.type("q")],
  ["Ctrl-C", (pty) => pty.type("\u0003")],
  ["SIGTERM", (pty) => process.kill(pty.pid, "SIGTERM")],
];

test.each(ends)("%s gives the terminal back", async (_, end) => {
  const pty = await openInbox();
  await pty.shows("no review is pending");
  end(pty);
  expect((await pty.exited).exitCode).toBe(0);
  expect(pty.screen()).toBe("");
  expect(pty.raw().endsWith("\u001b[?2004l\u001b[?7h\u001b[?25h\u001b[?1049l")).toBe(true);
});

test("without a terminal, and with an option that needs a review: exit 2 and the way to go", async () => {
  const outcome = await runCli(["approve"], { home });
  expect(outcome.code).toBe(2);
  expect(outcome.stderr).toContain("hint: hoopx approve REVIEW");
  expect((await runCli(["approve", "--comment", "x"], { home })).code).toBe(2);
  expect(daemon.asked).toEqual([]);
});
