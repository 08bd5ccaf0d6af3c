/** The rules of what a re-run may differ in: the same in the contract, in the daemon and on their page. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replayRules } from "../../src/contract/replay-views.js";
import { ruleNames } from "../../src/daemon/replaying/normalise.js";
import { root } from "../support/sources.js";

test("rules have the same names everywhere", () => {
  expect(replayRules).toEqual(ruleNames);
  const page = readFileSync(join(root, "docs/replay.md"), "utf8");
  const told = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

  expect(told).toEqual(expect.arrayContaining([...ruleNames]));
});
