/** What is read and masked on from an earlier body is what reading and masking all of it says, whatever changed. */
import { expect, test } from "vitest";
import { endsWithin } from "../../../../src/daemon/formats/json/item-ends.js";
import { notedIn } from "../../../../src/daemon/formats/json/outline.js";
import {
  type BegunReading,
  type JsonReading,
  readJson,
} from "../../../../src/daemon/formats/json/reading.js";
import { parsedAtOnce } from "../../../../src/daemon/formats/json/strict.js";
import { atOnce } from "../../../../src/daemon/model/turns.js";
import { maskJson } from "../../../../src/daemon/providers/masked-json.js";
import type { MaskingProgress } from "../../../../src/daemon/providers/masking-progress.js";
import { describe as described } from "../../../../src/daemon/providers/openai/describe.js";
import { growingLists, requestPlace } from "../../../../src/daemon/providers/openai/places.js";
import { noText, textsIn, unreadableBy } from "../../../../src/daemon/providers/openai/prompt.js";
import { createHushMasking } from "../../../support/hush-masking.js";
import { createRandomJson } from "../../../support/random-json.js";

const usual = { jsonValues: 1_000_000 };
const terms = {
  detectors: ["x"],
  patterns: [],
  words: [],
  requests: "mask",
  restore: false,
} as const;

function read(body: Buffer, begun?: BegunReading, limits = usual): JsonReading | string {
  const options = { what: "the body", place: requestPlace, growing: growingLists, limits, begun };
  try {
    return atOnce(readJson(body, options));
  } catch (error) {
    return (error as Error).message;
  }
}

function masked(body: Buffer, marks: ReturnType<typeof createHushMasking>, more = {}) {
  const { mask, maskSteps } = marks.masking.open("s", terms);
  const members = { noPrompt: noText, unreadableBy };
  const result = atOnce(maskJson(body, mask, members, maskSteps, more as never));
  const { recorded, sent, found, inPrompt, where, progress } = result;
  return {
    shown: {
      recorded: recorded.toString(),
      sent: sent.toString(),
      same: [recorded === body, sent === body],
      found: found.counts("request"),
      inPrompt: inPrompt.counts("request"),
      marks: [...inPrompt.marks],
      where,
    },
    progress,
  };
}

function sharedOf(one: Buffer, other: Buffer): number {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1;
  return at;
}

/** A conversation, its messages as they are written, and what stands around them. */
function createConversations(seed: number, filler: string) {
  const random = createRandomJson(seed);
  const { below, pick } = random;
  const words = [
    "plain",
    "hush-a",
    "hush-b",
    "é日😀 hush-c",
    '"',
    "\\",
    "\n",
    "model",
    "x".repeat(50),
  ];
  const text = () => JSON.stringify(Array.from({ length: below(4) }, () => pick(words)).join(" "));
  const messages = [
    () => `{"role":"user","content":${text()}}`,
    () => `{"id":${text()},"type":"additional_tools","tools":[{"name":${text()}}]}`,
    () => `{ "content" : [{"type":"text","text":${text()}}, ${text()}],"model":${text()}\n}`,
    () => `{"authorization":${text()},"arguments":${JSON.stringify(`{"a":${text()}}`)}}`,
    () => text(),
    () => pick(["1", "null", "[]", "{}", `[{"model":"m${below(9)}"}]`]),
    () => `{"hush-name":${random.json()}}`,
    () => `{"role":"user","r\\u006fle2":"\\u0068ush-d","image_url":"data:image/png;base64,AAAA"}`,
  ];
  const members = [
    `"model":"gpt-5"`,
    `"model":"gpt-4"`,
    `"tools":[{"type":"function","name":"f","model":"t"}]`,
    `"store":false`,
    `"metadata":{"model":"no","k":"hush-e"}`,
    `"7":1`,
    `"__proto__":{"a":1}`,
    `"messages":[]`,
    `"inp\\u0075t":[]`,
    `"id":"hush-id"`,
    `"stream":true`,
  ];
  const some = (most: number) => Array.from({ length: below(most) }, () => pick(members));
  return {
    ...random,
    message: () => pick(messages)(),
    list: () => pick(["input", "input", "messages"]),
    around: () => ({ before: some(3), after: some(3) }),
    write(list: string, around: { before: string[]; after: string[] }, items: readonly string[]) {
      const input = `"${list}":[${[JSON.stringify(filler), "{}", ...items].join(",")}]`;
      return Buffer.from(`{${[...around.before, input, ...around.after].join(",")}}`);
    },
  };
}

/** Both readings, and both maskings, of turns that go on with each other, as they come. */
function compareTurns(seed: number, conversations: number, filler: string) {
  const make = createConversations(seed, filler);
  const { below } = make;
  const seen = { resumed: 0, refused: 0, edited: 0 };
  for (let conversation = 0; conversation < conversations; conversation += 1) {
    const marks = createHushMasking();
    const list = make.list();
    let around = make.around();
    let items = Array.from({ length: below(5) }, make.message);
    let last:
      | { body: Buffer; reading: JsonReading; progress?: MaskingProgress | undefined }
      | undefined;
    for (let turn = 0; turn < 6; turn += 1) {
      if (below(4) === 0)
        items = items.toSpliced(below(items.length + 1), below(2), make.message());
      if (below(5) === 0) around = make.around();
      items = [...items, ...Array.from({ length: below(3) }, make.message)];
      let body = make.write(list, around, items);
      if (below(5) === 0) body = Buffer.from(make.damaged(body.toString()));
      const limits = below(6) === 0 ? { jsonValues: 10 + below(40) } : usual;
      const begun = last && { reading: last.reading, shared: sharedOf(last.body, body) };
      const whole = read(body, undefined, limits);
      const resumed = read(body, begun, limits);
      if (typeof whole === "string" || typeof resumed === "string") {
        expect(resumed, body.toString()).toBe(whole);
        seen.refused += 1;
        continue;
      }
      const { resumed: count, ...same } = resumed;
      expect({ ...same, resumed: 0 }, body.toString()).toEqual(whole);
      expect(Object.keys(same.value as object)).toEqual(Object.keys(whole.value as object));
      expect(textsIn(same.value as never)).toEqual(textsIn(whole.value as never));
      expect([...notedIn(same.value, requestPlace)]).toEqual([
        ...notedIn(whole.value, requestPlace),
      ]);
      if (same.list === undefined) continue;
      // The marks that a session has are those of what it masked before: masked once, then twice.
      masked(body, marks);
      const wanted = masked(body, marks).shown;
      const more = { list: same.list, resumed: count, progress: last?.progress };
      const { shown, progress } = masked(body, marks, more);
      expect(shown, body.toString()).toEqual(wanted);
      expect(progress?.ends.length).toBe(same.list.ends.length);
      if (count > 0 && last?.progress !== undefined) {
        seen.resumed += 1;
        if (wanted.found.length > 0) seen.edited += 1;
      }
      last = { body, reading: resumed, progress };
    }
  }
  return seen;
}

test("whatever changes from turn to turn, a small body", () => {
  const seen = compareTurns(3, 800, "");
  expect(seen.resumed).toBeGreaterThan(800);
  expect(seen.edited).toBeGreaterThan(300);
  expect(seen.refused).toBeGreaterThan(300);
});

test("whatever changes from turn to turn, a large body", () => {
  const filler = `é hush-long ${"a long text ".repeat(parsedAtOnce / 10)}`;
  const seen = compareTurns(4, 20, filler);
  expect(seen.resumed).toBeGreaterThan(12);
  expect(seen.edited).toBeGreaterThan(12);
  expect(seen.refused).toBeGreaterThan(3);
});

test("from a small body to a large one nothing is read on", () => {
  const small = Buffer.from(`{"input":[{"a":"b"}]}`);
  const first = read(small) as JsonReading;
  const long = JSON.stringify("x".repeat(parsedAtOnce));
  const large = Buffer.from(`{"input":[{"a":"b"},{"c":${long}}]}`);
  const begun = { reading: first, shared: sharedOf(small, large) };
  expect(endsWithin(first.list?.ends ?? [], begun.shared)).toBe(1);
  expect((read(large, begun) as JsonReading).resumed).toBe(0);
});

test("a secret that is cut by the boundary is in the message that is read again", () => {
  const marks = createHushMasking();
  const one = Buffer.from(`{"input":[{"a":"x"},{"a":"hush-se"}]}`);
  const two = Buffer.from(`{"input":[{"a":"x"},{"a":"hush-secret"},{"a":"hush-se"}]}`);
  const reading = read(one) as JsonReading;
  const before = masked(one, marks, { list: reading.list, resumed: 0 });
  const next = read(two, { reading, shared: sharedOf(one, two) }) as JsonReading;
  expect(next.resumed).toBe(1);
  const after = masked(two, marks, {
    list: next.list,
    resumed: 1,
    progress: before.progress,
  });
  expect(after.shown.recorded).toBe(
    `{"input":[{"a":"x"},{"a":"[masked:hush]#2"},{"a":"[masked:hush]#1"}]}`,
  );
});

test("what stands before the boundary is not read again", () => {
  const one = Buffer.from(`{"input":[{"a":"x"}]}`);
  const reading = read(one) as JsonReading;
  // Bytes that were never read: only who reads them again would refuse them.
  const two = Buffer.from(`{"input":[{"a":!!!},{"model":"m"}]}`);
  const next = read(two, { reading, shared: 19 }) as JsonReading;
  expect(next.resumed).toBe(1);
  expect(next.value).toEqual({ input: [{ a: "x" }, { model: "m" }] });
});

test("an operation is the same", () => {
  const head = {
    method: "POST",
    path: "/responses",
    fullPath: "/v1/responses",
    query: "",
    contentType: "application/json",
  };
  const action = {
    name: "responses.create",
    class: "inference",
    body: "json",
    mintsCredential: false,
  } as const;
  const body = Buffer.from(
    `{"model":"a","input":[{"role":"user"}],"tools":[{"type":"web_search"}]}`,
  );
  const first = described(action, head, body);
  expect(first.reading?.list?.ends.length).toBe(1);
  expect(first.operation).toMatchObject({ models: ["a"], hostedTools: ["web_search"] });
});
