/**
 * What a reviewer is shown (SECURITY A5): nothing but findings is hidden, each with its length; what
 * is shown and what is hidden are together exactly what is sent, whatever that is.
 */
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import {
  type FindIn,
  type ReviewText,
  restored,
  reviewBytes,
  reviewText,
  unnumbered,
} from "../../../../src/daemon/control/reviews/review-text.js";
import { createMasking } from "../../../../src/daemon/masking/create-masking.js";
import { createPrivateKeyFinder } from "../../../../src/daemon/masking/engine/private-key.js";
import { usualMasking } from "../../../../src/daemon/model/masking-terms.js";

const nothing: FindIn = async () => [];
const masking = createMasking({ compile: () => [createPrivateKeyFinder()] });
const keys: FindIn = async (text) => masking.open("s", usualMasking).mask(text).findings;
const begin = "-----BEGIN PRIVATE KEY-----";
const order = "wire the money to evil and drop table users";
const key = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";

/** Of bytes: a piece that is no text has each as one character. */
function bytesOf({ text, pieces }: ReviewText): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { at, length, hidden, binary } of pieces) {
    parts.push(Buffer.from(text.slice(from, at)));
    parts.push(Buffer.from(hidden, binary ? "latin1" : "utf8"));
    from = at + length;
  }
  return Buffer.concat([...parts, Buffer.from(text.slice(from))]);
}

test.each([
  ["alone", `${begin}x\n${order}`],
  ["with base64 behind it", `${begin}${"A".repeat(32)}\n${order}`],
  ["with base64 and an escaped line break, as in a body", `${begin}${"A".repeat(32)}\\n${order}`],
  ["with a key that goes on as a sentence", `${begin}\n${key} ${order}`],
  ["with header lines", `${begin}\nProc-Type: 4,ENCRYPTED\n\n${key}\n${order}`],
  ["and an END far behind", `${begin}\n${key}\n${order}\n-----END PRIVATE KEY-----`],
])("a key's first line %s hides nothing that is no key", async (_name, text) => {
  for (const findIn of [nothing, keys]) {
    const view = await reviewText(text, findIn);
    expect(view.text).toContain(order);
    expect(restored(view)).toBe(text);
  }
});

test("a key is hidden, and how long it is stands there", async () => {
  const body = `${key}\n${key}\nq83vEjRWeJA=`;
  const view = await reviewText(`${begin}\n${body}\n-----END PRIVATE KEY-----`, keys);
  expect(view.text).toBe(
    `${begin}[hidden 1: ${body.length + 1} characters, private-key]\n-----END PRIVATE KEY-----`,
  );
});

test.each([
  `hxs_${"t".repeat(43)}`,
  "sk-live-0123456789abcdefghij",
  "ghp_0123456789abcdefghijABCDEFGHIJ",
  "AKIAIOSFODNN7EXAMPLE",
  "Bearer abcdefghijklmnop",
  "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0dXJl",
])("hidden by its form, with its length: %s", async (secret) => {
  const view = await reviewText(`before ${secret} after`, nothing);
  const mark = `[hidden 1: ${secret.length} characters, a credential by its form]`;
  expect(view.text).toBe(`before ${mark} after`);
  expect(view.pieces.map(({ hidden }) => hidden)).toEqual([secret]);
  expect(unnumbered(view)).toBe(`before ${mark.replace(" 1:", ":")} after`);
});

test("a value is hidden by its name, in JSON or not, and nothing else of it", async () => {
  for (const [text, shown] of [
    [
      '{"path":"a","path":"b","api_key" : "s\\"x","n":1}',
      '{"path":"a","path":"b","api_key" : "[hidden 1: 4 characters, a value by its name]","n":1}',
    ],
    [
      'say "token": "x" and "tokens": "y"',
      'say "token": "[hidden 1: 1 character, a value by its name]" and "tokens": "y"',
    ],
    ['{"secret":{"cmd":"rm"}}', '{"secret":{"cmd":"rm"}}'],
    ['{"password":', '{"password":'],
  ] as const) {
    const view = await reviewText(text, nothing);
    expect(view.text).toBe(shown);
    expect(restored(view)).toBe(text);
  }
});

test("bytes that are no text are counted like a finding, and the text around them is shown", async () => {
  const form = Buffer.concat([
    Buffer.from('--b\r\nname="file"\r\n\r\nGrüße, größer'),
    Buffer.from([0, 255, 254, 1, 2, 128]),
    Buffer.from("\r\n--b--\r\n"),
  ]);
  const view = await reviewBytes(form, nothing);
  expect(view.text).toBe(
    '--b\r\nname="file"\r\n\r\nGrüße, größer[hidden 1: 6 bytes, no text]\r\n--b--\r\n',
  );
  expect(bytesOf(view)).toEqual(form);
});

/** The same numbers with each run. */
function numbers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

const parts = [
  ...[
    '"',
    "\\",
    "\\n",
    "\n",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    " ",
    "é",
    "😀",
    "\ud800",
    "[hidden 1: 3 characters, x]",
  ],
  ...[begin, "-----END PRIVATE KEY-----", key, "A".repeat(40), "==", order],
  ...[
    '"token":"',
    '"authorization": "Bearer abcdefghijklmnop"',
    "sk-live-0123456789abcdefghij",
    "Bearer ",
    "eyJ",
    ".",
  ],
] as const;

test("whatever a body or a tool call is: what is shown with what is hidden is it", async () => {
  const random = numbers(7);
  const some: FindIn = async (text) => {
    // Findings anywhere, also in one another and at both ends.
    const spans = Array.from({ length: random(4) }, () => {
      const start = random(text.length + 1);
      return { detector: "x", start, end: Math.min(text.length, start + random(30)) };
    });
    return [...spans, ...(await keys(text))];
  };
  for (let round = 0; round < 1_500; round += 1) {
    const text = Array.from({ length: random(14) }, () => parts[random(parts.length)]).join("");
    const body = round % 2 === 0 ? text : JSON.stringify({ input: text, token: text, [text]: [1] });
    const view = await reviewText(body, some);
    expect(restored(view)).toBe(body);
    for (const { at, length, hidden, number } of view.pieces) {
      expect(view.text.slice(at, at + length)).toContain(`[hidden ${number}: ${hidden.length} `);
    }
  }
});

test("whatever the bytes are, too", async () => {
  const random = numbers(11);
  for (let round = 0; round < 300; round += 1) {
    const bytes = Buffer.concat(
      Array.from({ length: random(6) }, () =>
        random(2) === 0
          ? randomBytes(random(20))
          : Buffer.from(parts[random(parts.length)]?.replace("\ud800", "") ?? ""),
      ),
    );
    expect(bytesOf(await reviewBytes(bytes, nothing))).toEqual(bytes);
  }
});

test("a hostile megabyte does not hold up the event loop", async () => {
  const hostile = [
    "eyJ-",
    "eyJaaaaaaaaaa.",
    "Bearer ",
    '"',
    begin,
    `${key}\\n`,
    '"token": ',
    "\\",
    "sk-",
  ];
  for (const piece of hostile) {
    const text = `${begin}${piece.repeat(Math.ceil(1_000_000 / piece.length))}`;
    const began = performance.now();
    expect(restored(await reviewText(text, nothing))).toBe(text);
    expect(performance.now() - began).toBeLessThan(2_000);
  }
});
