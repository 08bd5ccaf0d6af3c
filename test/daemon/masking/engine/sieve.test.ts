/** The sieve lets no bytes pass in which reading finds something. It lets most pictures and sound pass. */
import { expect, test } from "vitest";
import { sieveSteps } from "../../../../src/daemon/masking/engine/sieve.js";
import { secretRules } from "../../../../src/daemon/masking/rules/index.js";
import { atOnce } from "../../../../src/daemon/model/turns.js";
import { invented, inventedRules } from "../../../support/invented-rules.js";
import { createDice, createSieving, noise, writings } from "../../../support/sieved.js";

const { found, passes } = createSieving(inventedRules);
/** What the sieve reads, and what it looks at closely, before it lets others run. */
const bytesOfStep = 1 << 18;
const charactersOfStep = 1 << 16;
const inBytes = (text: string) => Buffer.from(text, "latin1");

const secrets = {
  token: invented.token,
  long: invented.long,
  zorg: `zorg = "${invented.zorg}"`,
  quill: `the key ${invented.quill} and on`,
  secret: "my secret: a1b2c3d4e5f6",
  "private key": `-----BEGIN ${"PRIVATE KEY"}-----\n${"aB3/".repeat(40)}\n`,
};

test.each(Object.keys(writings))("%s: a secret among other bytes does not pass", (name) => {
  const write = writings[name] as (text: string) => string;
  const dice = createDice(7);
  let held = 0;
  for (const secret of Object.values(secrets)) {
    for (const before of [0, 1, 40, 61, 2_000]) {
      const bytes = inBytes(noise(before, dice) + write(secret) + noise(before, dice));
      const isFound = found(bytes) > 0;
      if (isFound) expect(passes(bytes)).toBe(false);
      held += Number(isFound);
    }
  }
  expect(held).toBeGreaterThan(5);
});

test("whatever bytes are made of, none pass in which something is found", () => {
  const dice = createDice(11);
  const controls = [
    "\0",
    "\0\0",
    "\u001b[31m",
    "\u001b",
    "\u009b7m",
    "\u009d",
    "\u001b]0;t\u0007",
    "\u001b]0;",
    "\u0007",
    "\u001b(B",
  ];
  const escapes = [
    "\\",
    "\\\\",
    "\\u00",
    "\\n",
    "\\x",
    "%",
    "%25",
    "%5c",
    "&#",
    "&amp;",
    "\\u001b",
    "%1b",
    "\\e[",
    "\\u0007",
    "x41",
    ";",
  ];
  const words = [
    ...Object.values(secrets),
    "acm_",
    "zorg",
    "secret",
    "-ql7",
    "live_",
    "=",
    ": ",
    "aB3",
    "\n",
    "é",
    "\xff",
  ];
  const all = [controls, escapes, words] as const;
  const names = Object.keys(writings);
  let held = 0;
  let passed = 0;
  for (let round = 0; round < 6_000; round += 1) {
    let text = "";
    const parts = 1 + dice(6);
    for (let part = 0; part < parts; part += 1) {
      const list = all[dice(3)] as readonly string[];
      let piece = list[dice(list.length)] as string;
      if (dice(3) === 0)
        piece = (writings[names[dice(names.length)] as string] as (text: string) => string)(piece);
      // In the middle of what is there, or behind it.
      const at = dice(2) === 0 ? text.length : dice(text.length + 1);
      text = text.slice(0, at) + piece + text.slice(at);
      if (dice(9) === 0) text += noise(dice(50), dice);
    }
    const bytes = inBytes(text);
    const isFound = found(bytes) > 0;
    const isPassed = passes(bytes);
    if (isFound && isPassed) expect.fail(`passed: ${JSON.stringify(text)}`);
    held += Number(isFound);
    passed += Number(isPassed);
  }
  expect(held).toBeGreaterThan(600);
  expect(passed).toBeGreaterThan(600);
});

test("a secret where one step ends and the next begins does not pass", () => {
  const dice = createDice(3);
  const around = noise(1 << 18, dice);
  for (const back of [0, 1, 2, 3, 5, 12, 24, 25]) {
    const text = `${around.slice(back)} ${invented.token} ${around.slice(0, 99)}`;
    expect(passes(inBytes(text))).toBe(false);
  }
});

test("a secret behind a control sequence does not pass, wherever a part may be cut", () => {
  const written = (text: string) =>
    Array.from(text, (one) => `\\u00${one.charCodeAt(0).toString(16)}`).join("");
  for (const before of ["", "%", '\\"', written("\\u001b")]) {
    for (const length of [60, 130, 400, 1_000]) {
      const title = `${before}${before.length > 9 ? "" : "\u001b"}]${"t ".repeat(length / 2)}\u0007`;
      const text = `\xe9\xe9 zorg${title} = "${invented.zorg}" ${"\xe9 ".repeat(600)}`;
      const bytes = inBytes(text);
      if (found(bytes) > 0) expect(passes(bytes)).toBe(false);
    }
  }
  const bytes = inBytes(`\xe9\xe9 zorg =\u001b]${"t".repeat(500)}\u0007 "${invented.zorg}" `);
  expect(found(bytes)).toBe(1);
  expect(passes(bytes)).toBe(false);
});

test.each(["\\n", "\\u000a", "%0a", "\u001bs", "\u001b[31m", "\u009b7m"])(
  "base64 behind %j, whose last letter is none of it, does not pass",
  (before) => {
    const run = Buffer.from(`${invented.token} and more`).toString("base64");
    const bytes = inBytes(`\xff ${before}${run}= \xff`);
    expect(found(bytes)).toBe(1);
    expect(passes(bytes)).toBe(false);
  },
);

test("a secret behind much that stands for nothing does not pass", () => {
  for (const nothing of ["\0".repeat(20_000), "\u001b[31m".repeat(4_000), "\0".repeat(200_000)]) {
    const bytes = inBytes(`zorg${nothing} = "${invented.zorg}" `);
    expect(found(bytes)).toBe(1);
    expect(passes(bytes)).toBe(false);
  }
});

test("a table's rows far behind its header do not pass", () => {
  const { found, passes } = createSieving(secretRules);
  const rows = Array.from({ length: 200 }, (_, row) => `user${row},-`).join("\n");
  const bytes = inBytes(`\xff\nname,password\n${rows}\nada,h4Rd2guess!x9\n`);
  expect(found(bytes)).toBe(1);
  expect(passes(bytes)).toBe(false);
});

test("a picture, sound and a program's zeros pass, and in short steps", () => {
  const finder = createSieving(secretRules);
  const dice = createDice(5);
  const sound = Buffer.alloc(1 << 20);
  for (let at = 0; at < sound.length; at += 2) {
    sound.writeInt16LE(Math.round(Math.sin(at / 50) * 9_000) + dice(200), at);
  }
  for (const bytes of [inBytes(noise(1 << 20, dice)), sound, Buffer.alloc(1 << 20)]) {
    expect(finder.passes(bytes)).toBe(true);
    expect(finder.work(bytes).steps).toBeGreaterThanOrEqual(bytes.length / bytesOfStep);
  }
});

test("words that never are secrets, and much that has to be decoded, are looked at a few times only", () => {
  const { found, work } = createSieving(secretRules);
  for (const unit of [
    "\xfftoken ",
    "to\0ken\0",
    "\\u0074oken\xfe",
    "abcdefgh\0ijklmnop\0",
    "\xff\\\\n\\u00\u001b]",
  ]) {
    for (const times of [4_000, 40_000]) {
      const bytes = inBytes(unit.repeat(times));
      expect(found(bytes)).toBe(0);
      const { steps, searched } = work(bytes);
      expect(searched).toBeLessThan(5 * bytes.length);
      expect(steps * charactersOfStep).toBeLessThan(12 * bytes.length + 2 * charactersOfStep);
    }
  }
});

test("finders without keywords have no sieve", () => {
  const finder = { reach: 4, find: () => [], pending: (text: string) => text.length };
  expect(atOnce(sieveSteps([finder]))).toBe(undefined);
  expect(atOnce(sieveSteps([]))).toBe(undefined);
});
