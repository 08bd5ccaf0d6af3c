import { expect, test } from "vitest";
import { allowing, expectSameAtEveryCut } from "../../support/cut-check.js";
import { invented, inventedRules, openMaskingOf } from "../../support/invented-rules.js";
import { cutAnyhow, numbersFrom, streamed } from "../../support/masked-cuts.js";

const open = () => openMaskingOf(inventedRules);

const prose = "Take the risk, task-force: a secret is no secret; the zorg is near. ";
const texts = {
  alone: invented.token,
  "in prose": `${prose}Use ${invented.token}, then ${invented.long}. ${prose}`,
  "twice, with a name": `zorg_key = "${invented.zorg}" and ${invented.token} ${invented.token}`,
  "a keyword at its end": `the key ${invented.quill} and ${prose}`,
  "one in another": `secret: ${invented.long}; secret = "${invented.token}"`,
  "side by side": `${invented.token} ${invented.token}`,
  "almost, and then indeed": `acm_acm_live acm_${"a".repeat(19)} acm_${"a".repeat(21)} ${invented.long}`,
  "surrogates around": `\u{1f511}${invented.token}\u{1f511}\u{1f511} ${invented.long}\u{1f511}`,
};

/**
 * What may have left of a finding when the text was cut: two characters of a fixed beginning, and
 * seven of a secret that is known by its end only.
 */
const slack = (detector: string): number =>
  detector === "zorg-key" ? 0 : detector === "quill-key" ? 7 : 2;

test.each(Object.entries(texts))("%s: the same at every cut", (_, text) => {
  expect(open().mask(text).findings.length).toBeGreaterThan(0);
  expectSameAtEveryCut(open, text, slack);
});

test("all of them in one, cut anyhow", () => {
  const text = Object.values(texts).join("\n");
  const whole = open().mask(text);
  for (let seed = 1; seed <= 200; seed += 1) {
    const next = numbersFrom(seed);
    const pieces = cutAnyhow(text, next, 1 + Math.floor(next() * 90));
    const cuts: number[] = [];
    for (const piece of pieces) cuts.push((cuts.at(-1) ?? 0) + piece.length);
    const left = streamed(open(), pieces).join("");
    for (const secret of Object.values(invented)) expect(left).not.toContain(secret.slice(8, 20));
    expect(left, `seed ${seed}`).toMatch(allowing(text, whole, cuts, slack));
  }
});
