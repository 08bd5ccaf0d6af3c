/** Personal data at every edge: what may stand beside it, and what makes it something else. */
import { expect, test } from "vitest";
import { createMasking } from "../../../../src/daemon/masking/create-masking.js";
import { withoutFinals } from "../../../../src/daemon/masking/engine/control-sequences.js";
import { personalFinders } from "../../../../src/daemon/masking/personal/catalogue.js";
import { secretRules } from "../../../../src/daemon/masking/rules/index.js";
import { controls, edgesBefore, edgesBehind, titles } from "../../../support/edges.js";

function openMasking() {
  const finders = personalFinders(["personal"]);
  return createMasking({ compile: () => finders }).open("ses_1", {
    detectors: ["personal"],
    patterns: [],
    words: [],
    requests: "record",
    restore: false,
  });
}

test.each([
  "4539 5739 0421 8375",
  "4539-5739-0421-8375",
  "4539573904218375",
  "3782 822463 10005",
  "DE49 5739 0421 8375 7390 42",
  "DE49573904218375739042",
  "(212) 555-0147",
  "212-555-0147",
  "+49 30 5550 1234",
  "kermit@pond.test",
  "572-04-3186",
  "529.982.247-25",
  "93.184.216.34",
  "5a:7e:39:04:2b:86",
])("%s is hidden at every edge", (value) => {
  const masking = openMasking();
  const half = Math.floor(value.length / 2);
  const texts = [
    ...edgesBefore.map((edge) => edge + value),
    ...edgesBehind.map((edge) => value + edge),
    ...titles.map(([begins, ends]) => begins + value + ends),
    ...controls.map((control) => value.slice(0, half) + control + value.slice(half)),
  ];
  expect(texts.filter((text) => isSeen(masking.mask(text).text, value))).toEqual([]);
});

test.each(["943 476 5919", "943-476-5919"])(
  "%s alone on a line or in a cell is a patient's",
  (value) => {
    for (const around of [
      "§",
      "a\n§\nb",
      "| Ada | § |",
      "|§|",
      "ada,§,12",
      "- §",
      '{"value":"§"}',
    ]) {
      expect(openMasking().mask(around.replace("§", value)).text).not.toContain("476");
    }
  },
);

test.each(["4539 5739 0421 8376", "999-04-3186", "12:34:56"])(
  "%s is none, whatever stands beside it",
  (value) => {
    const masking = openMasking();
    const texts = [
      ...edgesBefore.map((edge) => edge + value),
      ...edgesBehind.map((edge) => value + edge),
    ];
    expect(texts.filter((text) => masking.mask(text).text !== text)).toEqual([]);
  },
);

test.each([
  "card 4539 5739 0421 8375 12/27 123",
  "4539 5739 0421 8375 03/2027, 4539 5739 0421 8375 19.99 EUR",
  "call (212) 555-0147 2 times, 212-555-0147 3",
])("a number with another behind it: %s", (text) => {
  const left = openMasking().mask(text).text;
  expect(left).not.toMatch(/5739|0421|555|0147/);
  expect(left).toContain(text.slice(text.lastIndexOf(" ")));
});

test.each([
  "web1a",
  "v12-dev",
  "H2 sql",
  "P99 api",
  "web-a-12",
  "app-456cv",
  "9264971270",
  "AB1234567",
  "ABC123456",
  "K57390421",
  "31m4539",
  '{"value":"v12-dev"}',
  "- web1a\n- web2b",
  "| tag |\n|---|\n| v12-dev |",
])("a technical word alone is no plate, no passport, no patient: %s", (text) => {
  expect(openMasking().mask(text).text).toBe(text);
});

test("control sequences are taken out of the text before any expression runs: none looks for them", () => {
  const looking = secretRules.filter(({ pattern }) => /\\u001b|\\x1b/i.test(pattern));
  expect(looking).toEqual([]);
  const { length } = "\u001b[1;31mK";
  for (const sequence of [
    "\u001b[1;31mK",
    "\u001b(BK",
    "\u009b0mK",
    "\u001bcK",
    "\u001b[0;1;4_K",
  ]) {
    expect(withoutFinals(sequence)).toHaveLength(sequence.length);
    expect(withoutFinals(sequence)).toMatch(/[^A-Za-z0-9_]K$/);
    for (let at = 0; at < length; at += 1)
      expect(withoutFinals(sequence)).toContain(withoutFinals(sequence.slice(0, at)));
  }
});

/** Whether five characters of it are left in a row. */
function isSeen(text: string, value: string): boolean {
  for (let at = 0; at + 5 <= value.length; at += 1) {
    if (text.includes(value.slice(at, at + 5))) return true;
  }
  return false;
}
