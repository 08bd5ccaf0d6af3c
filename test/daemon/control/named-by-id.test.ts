import { expect, test } from "vitest";
import { namedById } from "../../../src/daemon/control/named-by-id.js";

const find = (id: string, ...ids: readonly string[]) =>
  namedById({
    ...{ id, what: "grant", list: "hoopx grants" },
    found: ids.map((each) => ({ id: each })),
  });

test("an id, or a beginning of four characters that only one has", () => {
  expect(find("gra_abcd1234", "gra_abcd1234")).toEqual({ id: "gra_abcd1234" });
  expect(find("gra_abcd", "gra_abcd1234")).toEqual({ id: "gra_abcd1234" });
  // An id that is the beginning of another is meant itself.
  expect(find("gra_ab", "gra_ab", "gra_abcd")).toEqual({ id: "gra_ab" });
});

test.each(["gra_", "gra_a", "gra_abc", "g"])("%j is too short, whatever it matches", (id) => {
  expect(() => find(id, "gra_abcd1234")).toThrow(
    expect.objectContaining({
      code: "bad_request",
      message: `${id} is too short for a grant's id`,
    }),
  );
});

test("one that names none, or several, is told with the way on", () => {
  expect(() => find("gra_zzzz")).toThrow(
    expect.objectContaining({ code: "not_found", hint: "hoopx grants lists them" }),
  );
  expect(() => find("gra_abcd", "gra_abcd1", "gra_abcd2")).toThrow(
    expect.objectContaining({
      code: "conflict",
      message: "gra_abcd may be any of gra_abcd1, gra_abcd2",
    }),
  );
});
