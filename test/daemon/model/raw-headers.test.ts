import { expect, test } from "vitest";
import { firstHeader, isNamed } from "../../../src/daemon/model/raw-headers.js";

test("a header is found by its name in any case, the first of several", () => {
  const headers = ["Host", "one", "X-Api-Key", "a", "x-api-key", "b", "a", "host"];
  expect(firstHeader(headers, "host")).toBe("one");
  expect(firstHeader(headers, "x-api-key")).toBe("a");
  // A value is no name.
  expect(firstHeader(["a", "b", "c", "d"], "b")).toBeUndefined();
  expect(firstHeader([], "host")).toBeUndefined();
});

test("a name is compared whole", () => {
  expect(isNamed("Content-Type", "content-type")).toBe(true);
  expect(isNamed("Content-Type2", "content-type")).toBe(false);
  expect(isNamed(undefined, "content-type")).toBe(false);
});
