import { expect, test } from "vitest";
import { atOnce } from "../../../src/daemon/model/turns.js";
import { maskJson } from "../../../src/daemon/providers/masked-json.js";
import { createHushMasking } from "../../support/hush-masking.js";

const terms = {
  detectors: ["x"],
  patterns: [],
  words: [],
  requests: "mask",
  restore: false,
} as const;
function* isSealed() {
  yield;
  return true;
}
const members = {
  noPrompt: new Set(["id", "headers"]),
  unreadableBy: (name: string) => (name === "sealed" ? isSealed : undefined),
};

function masked(text: string) {
  const { mask, maskSteps } = createHushMasking().masking.open("s", terms);
  const body = Buffer.from(text);
  const { recorded, sent, ...more } = atOnce(maskJson(body, mask, members, maskSteps));
  return { recorded: recorded.toString(), sent: sent.toString(), same: recorded === body, ...more };
}

test("what has nothing to mask is the very same text", () => {
  const text = '{ "a": [1, "b\\u00e9", {"c": null}],\n "d":"\\"" }';
  const result = masked(text);
  expect(result.recorded).toBe(text);
  expect(result.sent).toBe(text);
  expect(result.same).toBe(true);
  expect(result.where).toBeNull();
  expect(result.found.counts("request")).toEqual([]);
});

test("findings are replaced in their strings, and all else keeps its bytes", () => {
  const text = '{ "a" : "say hush-one",\t"b":["hush-two\\n","\\u0068ush-one"], "n":1.50 }';
  const { recorded, sent, found, where } = masked(text);
  expect(recorded).toBe(
    '{ "a" : "say [masked:hush]#1",\t"b":["[masked:hush]#2\\n","[masked:hush]#1"], "n":1.50 }',
  );
  expect(sent).toBe(recorded);
  expect(found.counts("request")).toEqual([{ detector: "hush", count: 3, place: "request" }]);
  expect(where).toBe("a");
});

test("JSON in JSON stays JSON, and a name is masked too", () => {
  const inner = JSON.stringify({ cmd: 'echo "hush-x"\n' });
  const { recorded } = masked(JSON.stringify({ arguments: inner, "hush-y": 1 }));
  const outer = JSON.parse(recorded);
  expect(JSON.parse(outer.arguments)).toEqual({ cmd: 'echo "[masked:hush]#1"\n' });
  expect(Object.keys(outer)).toEqual(["arguments", "[masked:hush]#2"]);
});

test("members that are no prompt leave as they are, and are masked in the record", () => {
  const text = JSON.stringify({
    id: "hush-a",
    tools: [{ headers: { Authorization: ["hush-b"] }, name: "hush-c" }],
    sealed: "hush-d",
  });
  const { recorded, sent, found, inPrompt, where } = masked(text);
  expect(JSON.parse(recorded)).toEqual({
    id: "[masked:hush]#1",
    tools: [{ headers: { Authorization: ["[masked:hush]#2"] }, name: "[masked:hush]#3" }],
    sealed: "hush-d",
  });
  expect(JSON.parse(sent)).toEqual({
    id: "hush-a",
    tools: [{ headers: { Authorization: ["hush-b"] }, name: "[masked:hush]#3" }],
    sealed: "hush-d",
  });
  expect(found.counts("request")[0]?.count).toBe(3);
  expect(inPrompt.counts("request")[0]?.count).toBe(1);
  expect(where).toBe("tools[0].name");
});

test("the place of the first finding tells no secret", () => {
  const { where } = masked('{"a":[[],{"hush-k":{"b":[1,"x","hush-v"]}}]}');
  expect(where).toBe("a[1].[masked:hush]#1");
  expect(masked('["x",["y","hush-v"]]').where).toBe("[1][1]");
  expect(masked('"hush-v"').where).toBe("the body");
});

test("many backslashes before quotes take no longer than their number", () => {
  const text = JSON.stringify({ a: '\\"'.repeat(200_000), b: "\\".repeat(400_000) });
  expect(masked(text).recorded).toBe(text);
});
