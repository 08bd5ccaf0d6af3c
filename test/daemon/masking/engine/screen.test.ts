/** The screen says of every text what reading it says. */
import { expect, test } from "vitest";
import { createPrivateKeyFinder } from "../../../../src/daemon/masking/engine/private-key.js";
import { openReading } from "../../../../src/daemon/masking/engine/reading.js";
import { createRuleFinder } from "../../../../src/daemon/masking/engine/rule-finder.js";
import { holdsAny } from "../../../../src/daemon/masking/engine/screen.js";
import { invented, inventedRules } from "../../../support/invented-rules.js";

const finders = [createRuleFinder(inventedRules), createPrivateKeyFinder()];

function isFound(text: string): boolean {
  const reading = openReading(finders);
  reading.append(text, true);
  return reading.take().length > 0;
}

const prose =
  "Take the risk, task-force: a secret is no secret; the zorg is near. 5% of all & more.";
const withToken = `${prose} Use ${invented.token}, then go on.`;
const base64 = (text: string) => Buffer.from(text).toString("base64");
const texts = {
  prose,
  token: withToken,
  "a keyword at its end": `the key ${invented.quill} and on`,
  "almost one": "acm_acm_live acm_aaaa",
  "in JSON": JSON.stringify({ a: JSON.stringify({ b: withToken.replace("acm", "a\\u0063m") }) }),
  "in a URL": `?q=${[...withToken].map((one) => `%${one.charCodeAt(0).toString(16)}`).join("")}`,
  "in base64": base64(withToken),
  "in base64 in JSON in base64": base64(JSON.stringify({ a: `\n${base64(withToken)}` })),
  "four deep": base64(base64(base64(base64(withToken)))),
  "base64 of prose": base64(prose),
  "escapes of prose": JSON.stringify(JSON.stringify(`"${prose}"\n`)),
  "a digest": "0123456789abcdef".repeat(8),
};

test.each(Object.entries(texts))("%s", (_, text) => {
  expect(holdsAny(finders, text)).toBe(isFound(text));
});

test("some hold something, and some do not", () => {
  const held = Object.values(texts).filter((text) => holdsAny(finders, text));
  expect(held.length).toBeGreaterThan(4);
  expect(held.length).toBeLessThan(Object.keys(texts).length - 3);
});

test("a finder that says nothing of the kind is asked what it finds", () => {
  const finder = {
    reach: 4,
    find: (text: string) =>
      text.includes("fine") ? [{ detector: "own", start: text.indexOf("fine"), end: 4 }] : [],
    pending: (text: string) => text.length,
  };
  expect(holdsAny([finder], "fine")).toBe(true);
  expect(holdsAny([finder], "not so")).toBe(false);
  expect(holdsAny([], "fine")).toBe(false);
});
