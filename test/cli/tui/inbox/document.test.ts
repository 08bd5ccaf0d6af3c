/** A review as text: all that there is, nothing raw, each line within its width. */
import { expect, test } from "vitest";
import { wrapCells } from "../../../../src/cli/output/cells.js";
import { widthOf } from "../../../../src/cli/output/width.js";
import { documentOf, labelWidth, type Reading } from "../../../../src/cli/tui/inbox/document.js";
import { reviewer, reviewView } from "../../support/fake-reviews.js";
import { sampleReviews } from "../../support/sample-reviews.js";

const reading = (body: string | null): Reading => ({
  state: "read",
  detail: { hidden: [], whole: true, added: [], prompt: [], body },
  revealed: [],
});

const textOf = (lines: ReturnType<typeof documentOf>["lines"]) =>
  lines.map(({ label, text }) => `${label}${text}`).join("\n");

test.each([20, 33, 78, 120])("nothing raw, nothing wider, at %d cells", (width) => {
  for (const review of sampleReviews(new Date())) {
    const read: Reading = { state: "read", detail: review, revealed: [] };
    const { lines } = documentOf(review, read, width, null);
    for (const { label, text } of lines) {
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(widthOf(text)).toBeLessThanOrEqual(label === "" ? width : width - labelWidth);
    }
  }
});

test("wrapping loses nothing, wide characters and clusters are not cut", () => {
  const text = `a  b${"日本語".repeat(9)}👩‍👩‍👧‍👧${"x".repeat(25)}é `;
  for (const width of [2, 3, 7, 10, 80]) {
    const pieces = wrapCells(text, width);
    expect(pieces.map(({ piece }) => piece).join("")).toBe(text);
    for (const { piece, offset } of pieces) {
      expect(widthOf(piece)).toBeLessThanOrEqual(width);
      expect(text.startsWith(piece, offset)).toBe(true);
    }
  }
  expect(wrapCells("", 10)).toEqual([{ piece: "", offset: 0 }]);
});

test("arguments are laid out, with every token as it is", () => {
  const shown = (text: string) => {
    const toolCall = { name: "rm", arguments: text };
    return textOf(documentOf(reviewView("a", { toolCall }), reading(null), 80, null).lines);
  };
  expect(shown('{"a":1,\n "b" : "x y"}')).toContain('{\n  "a": 1,\n  "b": "x y"\n}');
  expect(shown('{"a":1,"a":2}')).toContain('── arguments of rm\n{\n  "a": 1,\n  "a": 2\n}');
  expect(shown('{"a":1.0,"b":"\\u0072m"}')).toContain('  "a": 1.0,\n  "b": "\\u0072m"');
  expect(shown("rm -rf /")).toContain("── arguments of rm\nrm -rf /");
});

test("who may answer, who has, and how it ended", () => {
  const by = { groups: ["leads"], subjects: [], emails: ["eve@example.com"] };
  const approvals = [{ by: reviewer, at: "2026-11-24T10:00:00.000Z", comment: "fine" }];
  const review = reviewView("a", {
    by,
    self: false,
    approvalsNeeded: 2,
    approvals,
    status: "denied",
    decidedBy: reviewer,
    comment: "not today",
  });
  const text = textOf(documentOf(review, undefined, 100, null).lines);
  expect(text).toContain("group leads, eve@example.com, not the requester · 1 of 2 approvals");
  expect(text).toContain("bob@example.com: fine");
  expect(text).toContain("denied by bob@example.com: not today");
});

test("a body of megabytes is cut with a word, made once, and kept while the review moves on", () => {
  const read = reading("é".repeat(1_000_100));
  const review = reviewView("a");
  const first = documentOf(review, read, 80, null);
  expect(first.content.asked.at(-1)?.text).toBe("100 characters more are not shown");
  expect(first.cut).toBe(true);
  expect(documentOf(review, read, 80, first) === first).toBe(true);
  const moved = documentOf({ ...review, status: "expired" }, read, 80, first);
  expect(moved.content === first.content).toBe(true);
});

test("what is asked comes first, whole; what is known about it comes last", () => {
  const review = reviewView("a");
  const { lines, asked } = documentOf(review, reading(null), 80, null);
  expect(lines[0]).toMatchObject({ label: expect.stringMatching(/^asks/) });
  expect(lines[0]?.text).toBe("DELETE /v1/files/file-abc on openai");
  expect(textOf(lines.slice(0, asked))).toContain(
    "it has none: the line above is all that is sent",
  );
  expect(textOf(lines.slice(asked))).toContain("sha256");
  expect(textOf(lines.slice(0, asked))).not.toContain("sha256");
});

test("what is hidden is counted, and shown in its place once it is revealed", () => {
  const mark = "[hidden 1: 6 characters, card]";
  const body = `{"a":"${mark}"}`;
  const hidden = [
    { number: 1, at: body.indexOf("["), length: mark.length, characters: 6, what: "card" },
  ];
  const read = (revealed: (Reading & { state: "read" })["revealed"]): Reading => ({
    state: "read",
    detail: { hidden, whole: true, added: [], prompt: [], body },
    revealed,
  });
  const shown = (reading: Reading) => textOf(documentOf(reviewView("a"), reading, 80, null).lines);
  expect(shown(read([]))).toContain(mark);
  expect(shown(read([]))).toContain("1 piece hidden, 6 characters in all");
  const whole = shown(read([{ number: 1, text: "to\u001bmat", base64: false }]));
  expect(whole).toContain('"a": "to\\x1bmat"');
  expect(whole).not.toContain("hidden");
});
