/** JSON that comes in pieces: cut anywhere, what leaves is the JSON of the masked texts. */
import { expect, test } from "vitest";
import { genericAssignmentRules } from "../../../../src/daemon/masking/rules/generic-assignments.js";
import { createLogicalMasking } from "../../../../src/daemon/masking/text/logical-text.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";
import { fakeSecret, openFakeMasking } from "../../../support/fake-masking.js";
import { openMaskingOf } from "../../../support/invented-rules.js";

const secret = fakeSecret(7);
const mark = "[masked:fake]#1";

const escaped = secret
  .split("")
  .map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`)
  .join("");

function through(pieces: readonly string[], body = false, finders = openFakeMasking()) {
  const masking = createLogicalMasking(finders);
  const stream = body ? masking.openBody(openai.json) : masking.open("");
  const left: string[] = [];
  for (const piece of pieces) {
    if (piece !== "") stream.push(piece);
    left.push(...stream.settled());
  }
  stream.end();
  left.push(...stream.settled());
  return { text: left.join(""), left, counts: stream.counts() };
}

const texts: readonly [string, string, string][] = [
  [
    "a literal",
    `{"a": "x ${secret} y", "b": [1, true, null]}`,
    `{"a": "x ${mark} y", "b": [1, true, null]}`,
  ],
  ["escapes", `{"a":"${escaped}"}`, `{"a":"${mark}"}`],
  [
    "a surrogate pair beside it",
    `{"a":"\\ud83d\\ude00${escaped}\\ud83d\\ude00"}`,
    `{"a":"😀${mark}😀"}`,
  ],
  ["quotes and line ends", `{"a":"\\"${secret}\\n\\\\"}`, `{"a":"\\"${mark}\\n\\\\"}`],
  [
    "JSON in JSON",
    JSON.stringify({ a: JSON.stringify({ b: JSON.stringify([secret]) }) }),
    JSON.stringify({ a: JSON.stringify({ b: JSON.stringify([mark]) }) }),
  ],
  [
    "JSON in JSON with escapes",
    JSON.stringify({ a: `{"b":"${escaped}"}` }),
    JSON.stringify({ a: `{"b":"${mark}"}` }),
  ],
  ["a name stays", `{"${secret}":"${secret}"}`, `{"${secret}":"${mark}"}`],
  [
    "a value that its name gives away",
    '{"password":"abcdefg","other":"abcdefg"}',
    `{"password":"${mark}","other":"abcdefg"}`,
  ],
  [
    "a value that the name beside it gives away",
    '[{"name":"password","value":"abcdefg"},{"key":"password","of":"x","Value":"abcdefg"},{"name":"a","value":"abcdefg"}]',
    `[{"name":"password","value":"${mark}"},{"key":"password","of":"x","Value":"${mark}"},{"name":"a","value":"abcdefg"}]`,
  ],
  ["no JSON", `{ password: ${secret} }`, `{ password: ${mark} }`],
  ["no JSON after a while", `{"a":"b"} and then ${secret}`, `{"a":"b"} and then ${mark}`],
  ["lines of JSON", `{"a":"${secret}"}\n{"b":"${secret}"}\n`, `{"a":"${mark}"}\n{"b":"${mark}"}\n`],
  ["text", `it is ${secret}.`, `it is ${mark}.`],
  ["text that begins like a list", `[1] see ${secret}`, `[1] see ${mark}`],
];

test.each(texts)("%s, cut at every two places", (_name, text, masked) => {
  for (let first = 0; first <= text.length; first += 1) {
    for (const second of [first + 1, first + 7]) {
      const { text: made } = through([
        text.slice(0, first),
        text.slice(first, second),
        text.slice(second),
      ]);
      expect(unified(made)).toBe(unified(masked));
    }
  }
});

test.each(texts)("%s, character by character", (_name, text, masked) => {
  expect(unified(through([...text.split("")]).text)).toBe(unified(masked));
});

/** The same JSON may be written with other escapes; two letters of a secret are nothing yet. */
function unified(text: string): string {
  const marked = text.replace(/(?:S|\\+u0053)(?:E|\\+u0045)?(?=\[masked)/g, "");
  try {
    return JSON.stringify(JSON.parse(marked));
  } catch {
    return marked;
  }
}

test("without findings every piece leaves as it came, at once but for the end of an escape", () => {
  const text = `{"a":"caf\\u00e9 \\ud83d\\ude00 é","b":[1.5e3,-2,true],"c":"{\\"d\\":\\"\\\\u0041\\"}"}`;
  for (let at = 1; at < text.length; at += 1) {
    const pieces = [text.slice(0, at), text.slice(at)];
    const { left, counts } = through(pieces);
    expect(left).toEqual(pieces);
    expect(counts).toEqual([]);
  }
});

test("what the API is known to hold besides texts passes, and what looks otherwise does not", () => {
  const body = JSON.stringify({
    id: "msg_SECRET0000000001",
    b64_json: `iVBOR${secret}`,
    data: [{ embedding: secret }],
    other_id: `mine ${secret}`,
    type: secret,
    encrypted_content: `no base64: ${secret}`,
  });
  for (let at = 1; at < body.length; at += 1) {
    const made = JSON.parse(through([body.slice(0, at), body.slice(at)], true).text);
    expect(made).toMatchObject({ b64_json: `iVBOR${secret}`, data: [{ embedding: secret }] });
    expect(unified(made.other_id)).toMatch(/^mine \[masked:fake\]#\d$/);
    expect(unified(made.type)).toMatch(/^\[masked:fake\]#\d$/);
    expect(unified(made.encrypted_content)).toMatch(/^no base64: \[masked:fake\]#\d$/);
  }
});

test("log probabilities that spell a secret are dropped", () => {
  const logprobs = (text: string) => ({
    content: text
      .split("")
      .map((token) => ({ token, bytes: [token.charCodeAt(0)], top_logprobs: [] })),
  });
  const body = JSON.stringify({
    choices: [{ logprobs: logprobs(`a${secret}b`) }, { logprobs: logprobs("fine") }],
  });
  for (let at = 1; at < body.length; at += 7) {
    const { text } = through([body.slice(0, at), body.slice(at)], true);
    expect(JSON.parse(text)).toEqual({
      choices: [{ logprobs: null }, { logprobs: logprobs("fine") }],
    });
  }
});

test.each(['Q5vHE4"98Bq4M', "J27x3k&gx9JpV", "Am68ad;gg,DL)L", "n7JZ\\v8 xp98'y"])(
  "a password with signs is masked to its end: %s",
  (password) => {
    for (const members of [{ password }, { name: "DB_PASSWORD", value: password }]) {
      const text = JSON.stringify(members);
      for (let at = 0; at <= text.length; at += 1) {
        const pieces = [text.slice(0, at), text.slice(at)];
        const made = through(pieces, false, openMaskingOf(genericAssignmentRules)).text;
        expect(Object.values(JSON.parse(made)).at(-1)).toBe("[masked:generic-password]#1");
      }
    }
  },
);

test("a token is masked behind the name of its member, or the name beside it", () => {
  const token = ["4be19a07", "c63d58f2", "90a7e4b1"].join("");
  for (const text of [`{"api_key":"${token}"}`, `[{"key":"api_key","value":"${token}"}]`]) {
    for (let at = 0; at <= text.length; at += 1) {
      const pieces = [text.slice(0, at), text.slice(at)];
      const made = through(pieces, false, openMaskingOf(genericAssignmentRules)).text;
      expect(made).toBe(text.replace(token, "[masked:generic-secret]#1"));
    }
  }
});
