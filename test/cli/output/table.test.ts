import { expect, test } from "vitest";
import { colours } from "../../../src/cli/output/colour.js";
import { type Column, renderDetails, renderTable } from "../../../src/cli/output/table.js";
import { widthOf } from "../../../src/cli/output/width.js";

interface Row {
  readonly id: string;
  readonly what: string;
  readonly note: string;
}

const columns: readonly Column<Row>[] = [
  { title: "ID", value: (row) => row.id },
  { title: "WHAT", value: (row) => row.what, flexible: 10 },
  { title: "NOTE", value: (row) => row.note, short: (row) => row.note.slice(0, 8), drop: 0 },
];
const plain = colours(false);
const rows: readonly Row[] = [
  { id: "ses_1", what: "a title that goes on for quite a while", note: "yesterday, at noon" },
  { id: "ses_2", what: "東京の天気を調べてください", note: "today" },
];

test("elsewhere than on a terminal: tabs, full values, no titles", () => {
  expect(renderTable(columns, rows, { width: undefined, colours: plain })).toBe(
    "ses_1\ta title that goes on for quite a while\tyesterday, at noon\n" +
      "ses_2\t東京の天気を調べてください\ttoday\n",
  );
});

test("a value cannot break out of its row", () => {
  const hostile = [{ id: "x", what: "one\ttwo\nthree\u001b[2J", note: "" }];
  expect(renderTable(columns, hostile, { width: undefined, colours: plain })).toBe(
    "x\tone\\ttwo\\nthree\\x1b[2J\t\n",
  );
});

test("with room enough nothing is cut", () => {
  expect(renderTable(columns, rows, { width: 80, colours: plain })).toBe(
    "ID     WHAT                                    NOTE\n" +
      "ses_1  a title that goes on for quite a while  yesterda\n" +
      "ses_2  東京の天気を調べてください              today\n",
  );
});

test("with less, first text is cut and then columns go", () => {
  const at40 = renderTable(columns, rows, { width: 40, colours: plain });
  expect(at40).toContain("NOTE");
  expect(at40).toContain("…");
  const at20 = renderTable(columns, rows, { width: 20, colours: plain });
  expect(at20).not.toContain("NOTE");
  expect(at20).toContain("ses_1  a title that…");
});

test.each([20, 30, 40, 60, 80, 120])("no line is wider than %d cells", (width) => {
  const lines = renderTable(columns, rows, { width, colours: plain }).trimEnd().split("\n");
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
});

test("details: padded on a terminal, tabbed elsewhere", () => {
  const details = [
    ["name", "openai"],
    ["base URL", "https://x\u001b"],
  ] as const;
  expect(renderDetails(details, { width: 80, colours: plain })).toBe(
    "  name      openai\n  base URL  https://x\\x1b\n",
  );
  expect(renderDetails(details, { width: undefined, colours: plain })).toBe(
    "name:\topenai\nbase URL:\thttps://x\\x1b\n",
  );
});
