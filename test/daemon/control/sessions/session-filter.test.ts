import { expect, test } from "vitest";
import { checkQuery } from "../../../../src/daemon/control/schemas.js";
import { sessionFilter } from "../../../../src/daemon/control/sessions/session-filter.js";

const costOf = () => 1;
const filterOf = (query: string) =>
  sessionFilter(checkQuery("sessionsList", new URLSearchParams(query)), costOf);

test("a query says what the store is asked for, and nothing more", () => {
  expect(filterOf("")).toEqual({ limit: 50 });
  expect(filterOf("limit=5&since=2026-01-01T00:00:00Z&search=a+b&model=gpt-*&tool=x")).toEqual({
    ...{ limit: 5, since: new Date("2026-01-01T00:00:00Z"), search: "a b" },
    ...{ model: "gpt-*", tool: "x" },
  });
  expect(filterOf("denied=true&masked=true&costOver=0.5")).toEqual({
    ...{ limit: 50, outcomes: ["denied", "denied-by-reviewer", "expired"], masked: true },
    costOver: { usd: 0.5, costOf },
  });
  expect(filterOf("outcome=refused")).toEqual({ limit: 50, outcomes: ["refused"] });
});

test.each(["denied=no", "outcome=gone", "costOver=-1", "costOver=x", "modell=x"])(
  "%s is refused",
  (query) => {
    expect(() => filterOf(query)).toThrow();
  },
);
