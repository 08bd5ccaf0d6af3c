import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Answers, type FakeDaemon, Refused, startFakeDaemon } from "../support/fake-daemon.js";
import { reviewView } from "../support/review-views.js";
import { runCli } from "../support/run-cli.js";

let home: string;
let daemon: FakeDaemon;
const given: object[] = [];
const approvedBy = { ...reviewView().identity, subject: "bob", email: "bob@example.com" };

const marks = ["[hidden 1: 6 characters, card]", "[hidden 2: 3 bytes, no text]"] as const;
const masked = `{"a":"${marks[0]}","b":"${marks[1]}"}`;
const hidden = marks.map((mark, place) => ({
  ...{ number: place + 1, at: masked.indexOf(mark), length: mark.length },
  ...{ characters: place === 0 ? 6 : 3, what: place === 0 ? "card" : "no text" },
}));
const pieces = [
  { number: 1, text: "tomato", base64: false },
  { number: 2, text: "AAEC", base64: true },
];

const answers: Answers = {
  reviewsList: ({ query }) =>
    [
      reviewView({ id: "rev_other", status: "denied", decidedBy: approvedBy }),
      reviewView({ id: "rev_old1", status: "expired" }),
      reviewView(),
      reviewView({ id: "rev_old2", status: "expired" }),
    ]
      .filter(({ status }) => query.get("status") === null || status === query.get("status"))
      .slice(0, Number(query.get("limit"))),
  reviewsReveal: ({ body }) =>
    pieces.filter(({ number }) => [undefined, number].includes(body.pieces?.[0])),
  reviewsShow: ({ params }) =>
    params.id === "rev_hidden"
      ? reviewView({ id: "rev_hidden", body: masked, hidden })
      : reviewView(
          params.id === "rev_denied"
            ? { status: "denied", decidedBy: approvedBy, comment: "no" }
            : {},
        ),
  reviewsApprove({ params, body }) {
    given.push(body);
    if (params.id === "rev_mine") {
      throw new Refused("review_not_allowed", "ada asks for this");
    }
    const approvals = [{ by: approvedBy, at: "2026-11-24T09:01:00.000Z", comment: null }];
    return reviewView({ approvals, status: params.id === "rev_half" ? "pending" : "approved" });
  },
  reviewsDeny({ body }) {
    given.push(body);
    return reviewView({ status: "denied" });
  },
};

beforeEach(async () => {
  given.length = 0;
  home = mkdtempSync(join(tmpdir(), "hoopx-cli-"));
  daemon = await startFakeDaemon(home, answers);
});
afterEach(async () => {
  await daemon.close();
  rmSync(home, { recursive: true });
});

test.each([
  [["--for", "once"], { for: "once" }],
  [["--for", "session", "--comment", "fine"], { for: "session", comment: "fine" }],
  [["--for", "15m"], { for: "time", seconds: 900 }],
  [[], { for: "once" }],
])("approve %j", async (flags, body) => {
  const { code, stdout } = await runCli(["approve", "rev_4k2m", ...flags], { home });
  expect(code).toBe(0);
  expect(stdout).toContain("files.create goes on");
  expect(given).toEqual([{ ...body, login: {} }]);
});

test("approve exits 8 where more reviewers are wanted, 3 where it is not theirs, 2 for no scope", async () => {
  const half = await runCli(["approve", "rev_half"], { home });
  expect(half.code).toBe(8);
  expect(half.stdout).toContain("it waits for 1 reviewer more");
  const mine = await runCli(["approve", "rev_mine", "--json"], { home });
  expect(mine.code).toBe(3);
  expect(JSON.parse(mine.stdout).error.code).toBe("review_not_allowed");
  expect((await runCli(["approve", "rev_1", "--for", "ever"], { home })).code).toBe(2);
});

test.each([
  [[], "files.create goes on, once"],
  [
    ["--for", "session"],
    "and other files.create requests on openai that rule writes reviews in this session",
  ],
  [["--for", "15m"], "on openai that rule writes reviews in this session for 15m"],
])("approve %j says what it covers", async (flags, words) => {
  const { stdout } = await runCli(["approve", "rev_4k2m", ...flags], { home });
  expect(stdout).toContain(words);
});

test("show tells how much is hidden, and puts revealed pieces in their places", async () => {
  const plain = await runCli(["reviews", "show", "rev_hidden"], { home });
  expect(plain.stdout).toContain("2 pieces hidden, 9 characters in all");
  expect(plain.stdout).toContain("hoopx reviews show rev_hidden --reveal");
  expect(plain.stdout).not.toContain("tomato");
  const one = await runCli(["reviews", "show", "rev_hidden", "--reveal", "1"], { home });
  expect(one.stdout).toContain('"a": "tomato"');
  expect(one.stdout).toContain("[hidden 2: 3 bytes, no text]");
  const all = await runCli(["reviews", "show", "rev_hidden", "--reveal"], { home });
  expect(all.stdout).toContain('"b": "[3 bytes as base64: AAEC]"');
  const json = await runCli(["reviews", "show", "rev_hidden", "--reveal", "all", "--json"], {
    home,
  });
  expect(JSON.parse(json.stdout).revealed).toEqual(pieces);
  expect((await runCli(["reviews", "show", "rev_1", "--reveal", "x"], { home })).code).toBe(2);
});

test("the list: all that wait come first, and what is left out is said", async () => {
  const { stdout, stderr } = await runCli(["reviews", "--limit", "2"], { home });
  const ids = stdout
    .trim()
    .split("\n")
    .map((line) => line.split("\t")[0]);
  expect(ids).toEqual(["rev_4k2m9x7q1c3v5b8n", "rev_other", "rev_old1"]);
  expect(stderr).toContain("older reviews are left out: hoopx reviews --limit 4 shows more");
  const whole = await runCli(["reviews", "--limit", "3"], { home });
  expect(whole.stderr).not.toContain("left out");
});

test("deny hands its comment on", async () => {
  const { code, stdout } = await runCli(["deny", "rev_4k2m", "--comment", "not this"], { home });
  expect(code).toBe(0);
  expect(stdout).toContain("is not sent");
  expect(given).toEqual([{ comment: "not this", login: {} }]);
});

test("show says who may answer, and shows controls of the prompt as text", async () => {
  const { stdout } = await runCli(["reviews", "show", "rev_4k2m"], { home });
  expect(stdout).toContain("2 of group leads, not the requester");
  expect(stdout).toContain("once; you may extend it to the session");
  expect(stdout).toContain("user: two\nlines\\x1b[2J");
  expect(stdout).toContain('"a": 1');
  expect(stdout).not.toContain("\u001b[2J");
});

test("wait answers by its exit code", async () => {
  const { code, stdout } = await runCli(["reviews", "wait", "rev_denied"], { home });
  expect(code).toBe(3);
  expect(stdout).toContain("is denied by bob@example.com: no");
});

test("the list has a line each", async () => {
  const { stdout } = await runCli(["reviews"], { home });
  const lines = stdout.trim().split("\n");
  expect(lines).toHaveLength(4);
  expect(lines[1]).toContain("rev_other\tdenied-by-reviewer\tfiles.create");
});
