/**
 * Structure: whatever is hidden in a reply, it is read as the same structure.
 * Only string values differ; names, numbers, framing and fields are those that
 * came. A known secret that stands in one of these ends the reply.
 */
import { expect, test } from "vitest";
import { createSseSplitter } from "../../../src/daemon/formats/sse/events.js";
import { createKnownTextMasker } from "../../../src/daemon/masking/text/echo-bytes.js";
import { createFoundCounts } from "../../../src/daemon/masking/text/found-counts.js";
import { createLogicalMasking } from "../../../src/daemon/masking/text/logical-text.js";
import { createSecretEncodings } from "../../../src/daemon/masking/text/secret-encodings.js";
import { withKnownTexts } from "../../../src/daemon/masking/text/star-out.js";
import { knownStructure } from "../../../src/daemon/masking/text/structure-guard.js";
import { headWithout, maskedHead } from "../../../src/daemon/path/reply/masked-head.js";
import { maskedReply } from "../../../src/daemon/path/reply/masked-reply.js";
import { openai } from "../../../src/daemon/providers/openai/openai.js";
import { fakeSecret, openFakeMasking } from "../../support/fake-masking.js";

const secret = fakeSecret(7);
const key = "sk-real-key-0123456789abcdef";
const digits = "918273645546372819";
const known = createSecretEncodings()([key, digits]);

/** What leaves of a reply that comes in these pieces; undefined where it was ended. */
function through(type: string, pieces: readonly string[], texts = known) {
  const left: Buffer[] = [];
  let ended = false;
  const masking = createLogicalMasking(
    withKnownTexts(texts, openFakeMasking()),
    knownStructure(texts),
  );
  const { flow, stopped } = maskedReply({
    ...{
      masking,
      known: texts,
      searched: true,
      fromMiddle: false,
      provider: openai,
      exchangeId: "exc_1",
    },
    head: { status: 200, statusText: "OK", headers: type === "" ? [] : ["content-type", type] },
    masker: createKnownTextMasker(texts),
    counts: createFoundCounts(),
    fault() {},
    flow: {
      start(sink) {
        for (const piece of pieces) if (piece !== "") sink.data(Buffer.from(piece));
        sink.end();
      },
      ...{ pause() {}, resume() {}, cancel() {} },
    },
  });
  flow.start({
    data: (chunk) => void left.push(chunk),
    end() {
      ended = true;
    },
    fail() {},
  });
  return { text: Buffer.concat(left).toString(), ended, stopped: stopped() };
}

/** A small generator of the same numbers each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Any JSON, with secrets as values everywhere, and with names and numbers that look like some. */
function anyJson(next: (below: number) => number, depth = 0): unknown {
  const texts = ["", "plain", `is ${secret}.`, `${key}, ${key}`, '"\\\n', "é😀", secret, "e EMPTY"];
  const scalars = [0, -1.5e3, 4_111_111_111_111_111, true, false, null];
  const kind = next(depth > 3 ? 2 : 5);
  if (kind === 0) return texts[next(texts.length)];
  if (kind === 1) return scalars[next(scalars.length)];
  if (kind === 2) return JSON.stringify(anyJson(next, depth + 1));
  const length = next(4);
  if (kind === 3) return Array.from({ length }, () => anyJson(next, depth + 1));
  const names = ["a", "content", "e", "EMPTY", "SECRET0000000007", "ada@example.com", "x y", "é"];
  return Object.fromEntries(
    Array.from({ length }, () => [names[next(names.length)], anyJson(next, depth + 1)]),
  );
}

/** What is the same of a value and its masked form: all but strings, and in these JSON again. */
function structureOf(value: unknown): unknown {
  if (typeof value === "string") {
    if (!/^\s*[{[]/.test(value)) return "text";
    try {
      return { inside: structureOf(JSON.parse(value)) };
    } catch {
      return "text";
    }
  }
  if (Array.isArray(value)) return value.map(structureOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).map(([name, member]) => [name, structureOf(member)]);
}

/** A text in pieces of random lengths. */
function cut(text: string, next: (below: number) => number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = 1 + next(next(4) === 0 ? 3 : 40);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

test("JSON, whatever it is and however it is cut, is JSON of the same structure", () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const next = numbers(seed);
    const value = anyJson(next);
    const text = JSON.stringify(value, null, next(2) === 0 ? 0 : 1);
    for (const type of ["application/json", "text/plain", "text/event-stream", ""]) {
      const { text: left, ended, stopped } = through(type, cut(text, next));
      expect([stopped, ended]).toEqual([null, true]);
      expect(structureOf(JSON.parse(left)), text).toEqual(structureOf(value));
      expect(left).not.toContain(key);
    }
  }
});

test("a stream of such JSON keeps its events, their fields and their structure", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const next = numbers(seed);
    const values = Array.from({ length: 4 }, () => ({ type: "x", of: anyJson(next) }));
    const text = values
      .map(
        (value, at) => `id: 4111111111111111${at}\nretry: 3000\ndata: ${JSON.stringify(value)}\n\n`,
      )
      .join("");
    for (const type of ["text/event-stream", "text/plain", "application/json"]) {
      const { text: left, stopped } = through(type, cut(text, next));
      expect(stopped).toBeNull();
      const [was, is] = [text, left].map((one) => createSseSplitter().push(Buffer.from(one)));
      expect(is?.map(({ data }) => structureOf(JSON.parse(data)))).toEqual(values.map(structureOf));
      expect(is?.map(({ id }) => id)).toEqual(was?.map(({ id }) => id));
      expect(left.match(/^\w+/gm)).toEqual(text.match(/^\w+/gm));
    }
  }
});

const escaped = [...key].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
const call = (pieces: readonly string[]) =>
  pieces
    .map((delta) => ({
      type: "response.function_call_arguments.delta",
      ...{ item_id: "fc_1", output_index: 0, delta },
    }))
    .map((event) => `data: ${JSON.stringify(event)}\n\n`)
    .join("");

test.each([
  ["a name", "application/json", `{"a":{"${key}":1}}`],
  ["a name in escapes", "application/json", `{"a":{"${escaped.join("")}":1}}`],
  ["a number", "application/json", `{"a":[1,${digits}]}`],
  ["a name in JSON in JSON", "application/json", JSON.stringify({ a: `{"${key}":1}` })],
  ["a name in plain text that is JSON", "text/plain", `{"${key}":1}`],
  ["a name of an event's", "text/event-stream", `data: {"type":"x","${key}":1}\n\n`],
  [
    "a name of an event's in escapes",
    "text/event-stream",
    `data: {"type":"x","${escaped.join("")}":1}\n\n`,
  ],
  ["a number of an event's", "text/event-stream", `data: {"type":"x","n":${digits}}\n\n`],
  ["a name in a call that is streamed", "text/event-stream", call(['{"', ...key, '":1}'])],
  ["a number in a call that is streamed", "text/event-stream", call(['{"n":', ...digits, "}"])],
  ["a member that passes unread", "application/json", `{"b64_json":"AAAA${key}"}`],
])("a known secret in %s ends the reply", (_name, type, text) => {
  for (let at = 1; at < text.length; at += 1) {
    const { text: left, stopped } = through(type, [text.slice(0, at), text.slice(at)]);
    expect(stopped).toBe("reply_unreadable");
    expect(left).not.toMatch(/sk-real-key|9182736455/);
    expect(left).not.toContain(escaped.slice(0, 8).join(""));
  }
});

test("a name that only begins as a known secret does passes", () => {
  const text = `{"${key.slice(0, 20)}":1,"n":${digits.slice(0, 12)}}`;
  for (let at = 1; at < text.length; at += 1) {
    const { text: left, ended } = through("application/json", [text.slice(0, at), text.slice(at)]);
    expect([left, ended]).toEqual([text, true]);
  }
});

test.each(["e", "EMPTY", "ollama", "elevenchars"])(
  "a credential that is too short to be a secret changes nothing: %s",
  (short) => {
    const texts = createSecretEncodings()([short]);
    const text = JSON.stringify({ [short]: `the ${short} of`, n: 1e5, model: short });
    expect(through("application/json", [text], texts).text).toBe(text);
    const events = `event: ${short}\ndata: {"type":"x","${short}":"${short}"}\n\n`;
    expect(through("text/event-stream", [events], texts).text).toBe(events);
  },
);

const head = (headers: readonly string[], statusText = "OK") => ({
  ...{ status: 200, statusText, headers },
});

test("of a head the values and the reason are hidden, and names, numbers and framing stay", () => {
  const counts = createFoundCounts();
  const headers = ["x-a", `is ${key}`, "x-n", "4111111111111111", "content-type", "text/plain"];
  const given = head(
    [...headers, "X-Secret", secret, "x-secret0000000007", "1"],
    `${key} ${secret}`,
  );
  const made = maskedHead(headWithout(given, known, counts), openFakeMasking(), counts);
  expect(made.statusText).toMatch(/^\*{28} \[masked:fake\]#1$/);
  expect(made.headers).toEqual([
    ...["x-a", `is ${"*".repeat(key.length)}`, "x-n", "4111111111111111"],
    ...["content-type", "text/plain", "X-Secret", "[masked:fake]#1", "x-secret0000000007", "1"],
  ]);
  expect(counts.all()).toEqual([
    { detector: "credential", count: 2 },
    { detector: "fake", count: 2 },
  ]);
});

test.each([
  ["a header's name", [key, "1"]],
  ["a length", ["content-length", digits]],
  ["a type", ["content-type", `text/plain; a=${key}`]],
])("a known secret in %s ends the reply", (_name, headers) => {
  const counts = createFoundCounts();
  expect(() => headWithout(head(headers), known, counts)).toThrow(/cannot be hidden/);
});
