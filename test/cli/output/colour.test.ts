import { expect, test } from "vitest";
import { hasColour } from "../../../src/cli/output/colour.js";

test.each([
  ["a terminal", true, true, {}, true],
  ["no terminal", true, false, {}, false],
  ["NO_COLOR", true, true, { NO_COLOR: "1" }, false],
  ["an empty NO_COLOR counts as none", true, true, { NO_COLOR: "" }, true],
  ["FORCE_COLOR without a terminal", true, false, { FORCE_COLOR: "1" }, true],
  ["FORCE_COLOR=0", true, true, { FORCE_COLOR: "0" }, false],
  ["FORCE_COLOR over NO_COLOR", true, false, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
  ["--no-color over FORCE_COLOR", false, true, { FORCE_COLOR: "1" }, false],
  ["a dumb terminal", true, true, { TERM: "dumb" }, false],
] as const)("%s", (_, wanted, isTTY, environment, coloured) => {
  expect(hasColour({ wanted, isTTY, environment })).toBe(coloured);
});
