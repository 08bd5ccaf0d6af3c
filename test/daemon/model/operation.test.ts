import { expect, test } from "vitest";
import { type Operation, operationName } from "../../../src/daemon/model/operation.js";

test("a known operation has its action's name, an unknown one the words that a rule has for it", () => {
  const asked = { method: "POST", path: "/v1/other" } as Operation;
  expect(operationName({ ...asked, action: "responses.create" })).toBe("responses.create");
  expect(operationName({ ...asked, action: "unknown" })).toBe("POST /v1/other");
});
