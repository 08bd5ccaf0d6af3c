/** With what follows a keyword looked at first, the finder says the same as without. */
import { expect, test } from "vitest";
import { createMasking } from "../../../../src/daemon/masking/create-masking.js";
import { createRuleFinder } from "../../../../src/daemon/masking/engine/rule-finder.js";
import { secretRules } from "../../../../src/daemon/masking/rules/index.js";
import { cutAnyhow, numbersFrom, streamed } from "../../../support/masked-cuts.js";

const terms = {
  detectors: ["secrets"],
  patterns: [],
  words: [],
  requests: "record",
  restore: false,
} as const;

function maskingWith(prepared: boolean) {
  const finder = createRuleFinder(secretRules);
  while (prepared && finder.prepare());
  return createMasking({ compile: () => [finder] }).open("ses_1", terms);
}

const names = ["token", "secret", "api_key", "password", "SECRET", "access-key", "the api key"];
const between = [
  " ",
  "=",
  ": ",
  ' = "',
  '": "',
  " is ",
  "_id ",
  "s ",
  ": |\n  ",
  "\n",
  ", ",
  " token ",
];
const values = [
  "kX9-pQ2_vL7zR4mT",
  "process.env.TOKEN",
  "count",
  "hunter2",
  "s3cr3t!Pass",
  '"',
  "é",
];

test("streams cut anyhow leave the same pieces, held the same, whether it is ready or not", () => {
  const next = numbersFrom(11);
  const any = (list: readonly string[]) => list[Math.floor(next() * list.length)] as string;
  const [ready, plain] = [maskingWith(true), maskingWith(false)];
  let masked = 0;
  for (let round = 0; round < 80; round += 1) {
    const parts = Array.from(
      { length: 4 },
      () => any(names) + any(between) + any(values) + any(between),
    );
    const text = parts.join(any([" and ", "\n", "; "]));
    expect(ready.mask(text).text).toBe(plain.mask(text).text);
    for (const pieces of [cutAnyhow(text, next, 7), [...text]]) {
      const left = streamed(ready, pieces);
      expect(left, text).toEqual(streamed(plain, pieces));
      if (left.join("") !== text) masked += 1;
    }
  }
  expect(masked).toBeGreaterThan(10);
});
