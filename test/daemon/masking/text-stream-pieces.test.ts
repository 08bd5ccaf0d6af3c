/** What a stream promises about its pieces: when they leave, which are untouched, what is said again. */
import { expect, test } from "vitest";
import { createMasking } from "../../../src/daemon/masking/create-masking.js";
import type { Finder } from "../../../src/daemon/masking/engine/finding.js";
import { invented, inventedRules, openMaskingOf } from "../../support/invented-rules.js";
import { streamed } from "../../support/masked-cuts.js";

const open = () => openMaskingOf(inventedRules);
const withFinder = (finder: Finder) =>
  createMasking({ compile: () => [finder] }).open("ses_1", {
    detectors: [],
    patterns: [],
    words: [],
    requests: "record",
    restore: false,
  });

test("prose leaves at once, word by word, as the very same strings", () => {
  const prose =
    "The desk-bound clerk asks: is a task-force's secret a secret? 5% of all & more — yes; " +
    "an internationalisation, a password, and a token. | a | b |\n|---|---|\n```ts\nconst x = 1;\n```";
  const pieces = prose.split(/(?= )/);
  const stream = open().openText();
  for (const piece of pieces) {
    stream.push(piece);
    const settled = stream.settled();
    expect(settled, piece).toEqual([piece]);
    expect(settled[0]).toBe(piece);
  }
  stream.end();
  expect(stream.settled()).toEqual([]);
  expect(stream.counts()).toEqual([]);
});

test("what may be a secret is held until it is known, and the mark is where it began", () => {
  const { token } = invented;
  const stream = open().openText();
  stream.push(`see ${token.slice(0, 10)}`);
  stream.push(token.slice(10));
  expect(stream.settled()).toEqual([]);
  expect(stream.held()).toBe(2);
  stream.push(" and on");
  expect(stream.settled()).toEqual(["see [masked:acme-token]#1", "", " and on"]);
  expect(stream.held()).toBe(0);
  expect(stream.counts()).toEqual([{ detector: "acme-token", count: 1 }]);
});

test("an end settles what is held", () => {
  expect(streamed(open(), ["a", " acm_12"])).toEqual(["a", " acm_12"]);
  expect(streamed(open(), ["", invented.token, ""])).toEqual(["", "[masked:acme-token]#1", ""]);
});

test("said again, it is masked at the same places; another text is looked at anew", () => {
  const { token, long } = invented;
  const text = `a ${token} b`;
  const stream = open().openText();
  stream.push(text.slice(0, 3));
  stream.push(text.slice(3));
  stream.end();
  const streamedText = stream.settled().join("");
  expect(streamedText).toBe("a a[masked:acme-token]#1 b");
  expect(stream.repeat(text)).toBe(streamedText);
  expect(stream.repeat(`${text} ${long}`)).toBe("a [masked:acme-token]#1 b [masked:acme-long]#2");
  expect(stream.repeat("none")).toBe("none");
});

test("said again before the end, it is looked at anew", () => {
  const stream = open().openText();
  stream.push(invented.token);
  expect(stream.repeat(invented.token)).toBe("[masked:acme-token]#1");
});

test("a private key is hidden as soon as it is known as one, and nothing of it is held", () => {
  const lines = ["Here:\n", `-----BEGIN ${"PRIVATE KEY"}-----\n`, `${"aB3/".repeat(16)}\n`];
  const stream = open().openText();
  for (const line of [...lines, `${"xY7+".repeat(16)}\n`, `${"xY7+".repeat(16)}\n`]) {
    stream.push(line);
  }
  expect(stream.settled().join("")).toBe("Here:\n-----[masked:private-key]#1");
  expect(stream.held()).toBe(0);
  for (let count = 0; count < 2000; count += 1) stream.push(`${"aB3/".repeat(16)}\n`);
  expect(stream.held()).toBe(0);
  stream.push(`-----END ${"PRIVATE KEY"}-----\n`);
  stream.push(invented.token);
  stream.end();
  expect(stream.settled().join("")).toBe("\n[masked:acme-token]#2");
  expect(stream.counts()).toEqual([
    { detector: "private-key", count: 1 },
    { detector: "acme-token", count: 1 },
  ]);
});

test("the mere mention of a key's first line is none", () => {
  const text = `It opens with -----BEGIN ${"PRIVATE KEY"}----- and then come lines. `.repeat(3);
  expect(open().mask(text).text).toBe(text);
  expect(streamed(open(), text.split("")).join("")).toBe(text);
});

/** Finds `<` to `>`, however far. */
const brackets: Finder = {
  reach: 30_000,
  find: (text) =>
    [...text.matchAll(/<[^>]*>/g)].map(({ index, 0: all }) => ({
      detector: "bracket",
      start: index,
      end: index + all.length,
    })),
  pending: (text) => (/<[^>]*$/.exec(text) ?? { index: text.length }).index,
};

test("what is held for too long is hidden, and goes on hidden until it ends", () => {
  const stream = withFinder(brackets).openText();
  const left: string[] = [];
  for (const piece of [
    "a <",
    ..."x"
      .repeat(100)
      .split("")
      .map((one) => one.repeat(100)),
  ]) {
    stream.push(piece);
    left.push(...stream.settled());
  }
  expect(left.join("")).toBe("a [masked:over-long]#1");
  expect(stream.held()).toBe(0);
  stream.push("more> and <this> on");
  stream.end();
  left.push(...stream.settled());
  expect(left.join("")).toBe("a [masked:over-long]#1 and [masked:bracket]#2 on");
});

test("a detector that throws is heard, and what was held stays", () => {
  const broken: Finder = {
    reach: 10,
    find: (text) => {
      if (text.includes("x")) throw new Error("broken detector");
      return [];
    },
    pending: (text) => text.length,
  };
  expect(() => withFinder(broken).mask("x")).toThrow("broken detector");
  const stream = withFinder(broken).openText();
  stream.push("a");
  expect(() => stream.push("x")).toThrow("broken detector");
  expect(stream.settled()).toEqual(["a"]);
});

test("finders that look again at the last characters see the same at every cut", () => {
  const text = `go <one><two> <${"three ".repeat(20)}> < four`;
  const whole = withFinder(brackets).mask(text).text;
  for (let cut = 0; cut <= text.length; cut += 1) {
    const pieces = [text.slice(0, cut), text.slice(cut)];
    expect(streamed(withFinder(brackets), pieces).join("")).toBe(whole);
  }
  expect(streamed(withFinder(brackets), text.split("")).join("")).toBe(whole);
});
