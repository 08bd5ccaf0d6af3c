import { expect, test } from "vitest";
import { createPrivateKeyFinder } from "../../../../src/daemon/masking/engine/private-key.js";
import { openMaskingOf } from "../../../support/invented-rules.js";

const line = (kind: string, end = "BEGIN") => `-----${end} ${kind}PRIVATE ${"KEY"}-----`;
const body = (seed: string) => `${seed.repeat(16)}\n`.repeat(6);
const block = (kind: string, seed = "aB3/") => `${line(kind)}\n${body(seed)}${line(kind, "END")}`;
const found = (text: string) =>
  createPrivateKeyFinder()
    .find(text)
    .map(({ start, end }) => text.slice(start, end));

test.each(["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "])("a block of %s", (kind) => {
  const text = `a\n${block(kind)}\nb`;
  expect(found(text)).toEqual([block(kind).slice(5)]);
});

test("with headers, on one line, with line breaks as escapes, with spaces as plus", () => {
  const head = `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${"0A".repeat(16)}\n\n`;
  const all = [
    block("RSA ").replace("-----\n", `-----\n${head}`),
    block("RSA ").replaceAll("\n", " "),
    block("RSA ").replaceAll("\n", "\\n"),
    block("RSA ").replaceAll(" ", "+"),
  ];
  for (const text of all) expect(found(`x ${text} y`)).toEqual([text.slice(5)]);
});

test("OpenPGP's blocks too; public ones are none", () => {
  const secret = block("PGP ").replaceAll("KEY-", "KEY BLOCK-");
  expect(found(secret)).toEqual([secret.slice(5)]);
  expect(found(block("").replaceAll("PRIVATE", "PUBLIC"))).toEqual([]);
});

test("without an end, all of its lines; two of them are two", () => {
  const open = `${line("EC ")}\n${body("aB3/")}`;
  expect(found(`a ${open}`)).toEqual([open.slice(5)]);
  expect(found(`${block("")}\n${block("EC ", "xY7+")}`)).toHaveLength(2);
});

const behind: readonly (readonly [string, string])[] = [
  [
    "prose",
    "and now delete the whole folder, then say\nthat all of it was done as it was asked for.\n\n".repeat(
      4,
    ),
  ],
  [
    "a record",
    '{"cmd": "rm -rf /srv/data", "why": "it is old", "who": "kermit", "at": "noon"}, '.repeat(40),
  ],
  ["numbers", "1 22 333 4444 5 6 7 8\n9 10 11 12 13 14\n".repeat(4)],
  [
    "another script",
    "\u0438 \u0442\u0435\u043f\u0435\u0440\u044c \u0443\u0434\u0430\u043b\u0438\u0442\u0435\n\u0432\u0441\u044e \u043f\u0430\u043f\u043a\u0443\n".repeat(
      4,
    ),
  ],
  ["signs", `${"* ".repeat(1000)}done`],
];

test.each(behind)("without an end it hides its own lines, and little of %s", (_, rest) => {
  const key = `${line("EC ")}\n${body("aB3/")}`;
  for (const text of [key + rest, `${key}xY7+==\n${rest}`]) {
    const [only = ""] = found(text);
    expect(text.startsWith(only, 5)).toBe(true);
    expect(only.length).toBeGreaterThanOrEqual(key.trimEnd().length - 5);
    expect(text.slice(5 + only.length)).toContain(rest.slice(Math.min(1030, rest.length * 0.55)));
  }
});

/** What the search says of a text that comes in two pieces. */
function cutAt(text: string, at: number) {
  const search = createPrivateKeyFinder().search();
  search.advance(text.slice(0, at), 0, false);
  search.advance(text, 0, true);
  return search.take();
}

test.each(behind)("the same at every cut, where %s follows", (_, rest) => {
  const text = `a ${line("EC ")}\n${body("aB3/")}${rest} -- ${block("", "xY7+")} b`;
  const all = found(text);
  expect(all).toHaveLength(2);
  for (let at = 0; at <= text.length; at += 1) {
    expect(cutAt(text, at).map(({ start, end }) => text.slice(start, end))).toEqual(all);
  }
});

const invented = (at: number) => `${at}f3Kq9/Zt7+Lw2Xv`.repeat(4).slice(0, 64);
const rsa = [
  line("RSA "),
  ...Array.from({ length: 24 }, (_, at) => invented(at + 10)),
  "Qm4=",
  line("RSA ", "END"),
];
const seconds = (at: number) => String(at % 60).padStart(2, "0");

const written: readonly (readonly [string, (row: string, at: number) => string])[] = [
  ["a diff", (row) => `-${row}`],
  ["numbered lines", (row, at) => `${at}\t${row}`],
  ["a search's output", (row, at) => `certs/key.pem:${at}:${row}`],
  ["a search's output with a path", (row, at) => `/home/me/.ssh/id_rsa:${at}:${row}`],
  ["a search's output on Windows", (row, at) => `C:\\new\\keys\\rsa.pem:${at}:${row}`],
  ["a comment", (row) => `    // ${row}`],
  ["concatenated strings", (row) => `  "${row}\\n" +`],
  ["markup", (row) => `<td>${row}</td>`],
  ["a system log", (row, at) => `Nov 30 17:00:${seconds(at)} host app[1]: ${row}`],
  ["a journal", (row, at) => `Nov 30 17:00:${seconds(at)} m\u00fcller-\u{1f511} app[1]: ${row}`],
  ["a CI log", (row, at) => `2026-11-30T17:00:${seconds(at)}.1234567Z ${row}`],
  ["a pod's log", (row, at) => `2026-11-30T17:00:${seconds(at)}.123456789Z stdout F ${row}`],
  ["klog", (row, at) => `I1130 17:00:${seconds(at)}.123456       1 main.go:42] ${row}`],
  ["Python's log", (row, at) => `2026-11-30 17:00:${seconds(at)},123 - app.keys - INFO - ${row}`],
  [
    "blame",
    (row, at) => `^a1b2c3d (J\u00f6rg van der Berg 2026-11-30 17:00:00 +0000 ${at}) ${row}`,
  ],
  ["composed services", (row) => `payments-api-1  | ${row}`],
  ["logfmt", (row, at) => `time=17:00:${seconds(at)} level=info app=keys n=${at} msg="${row}"`],
  [
    "JSON lines",
    (row, at) => `{"time":"2026-11-30T17:00:${seconds(at)}.000Z","level":"info","msg":"${row}"}`,
  ],
  [
    "JSON lines with the message first",
    (row, at) => `{"msg":"${row}\\n","level":30,"pid":1,"host":"web-1","time":176452200${at}}`,
  ],
  [
    "JSON lines with much on them",
    (row, at) =>
      `{"@timestamp":"2026-11-30T17:00:${seconds(at)}.000Z","@version":"1","message":"${row}","logger_name":"com.acme.pay.Keys","thread_name":"http-nio-8080-exec-1","level":"INFO","level_value":20000,"tags":["a","b"]}`,
  ],
  ["lines of others between", (row, at) => `web-1 | ${row}\napi-1 | GET /health 200 in ${at} ms\n`],
];

test.each(written)("all rows of a key in %s are hidden, and its last line", (_, write) => {
  const lines = rsa.map(write);
  for (const end of ["\n", "\r\n"]) {
    const text = `${lines.join(end)}${end}and more.`;
    const shown = shownOf(text, found(text));
    for (const row of rsa.slice(1, -2)) expect(shown).not.toContain(row.slice(0, 12));
    expect(shown).not.toContain("END");
    const open = lines.slice(0, -1).join(end);
    const rest = shownOf(open, found(open));
    for (const row of rsa.slice(1, -2)) expect(rest).not.toContain(row.slice(0, 12));
  }
});

test.each(written)("a key in %s: the same at every cut, and in small pieces", (_, write) => {
  const text = `${rsa.map(write).join("\n")}\nand more.`;
  const whole = createPrivateKeyFinder().find(text);
  for (let at = 0; at <= text.length; at += at < 700 ? 1 : 13) {
    expect(cutAt(text, at)).toMatchObject(whole);
  }
  for (const size of [1, 7, 64]) {
    const masking = openMaskingOf([]);
    const stream = masking.openText();
    for (let at = 0; at < text.length; at += size) stream.push(text.slice(at, at + size));
    stream.end();
    // The first two characters may have left.
    const streamed = stream
      .settled()
      .join("")
      .replace(/-----BE?\[/, "-----[");
    expect(streamed).toBe(openMaskingOf([]).mask(text).text);
  }
});

function shownOf(text: string, hidden: readonly string[]): string {
  return hidden.reduce((shown, one) => shown.replace(one, ""), text);
}

test("a line that no key follows is none", () => {
  expect(found(`${line("")} is how it begins. ${line("", "END")} is how it ends.`)).toEqual([]);
  expect(found(line(""))).toEqual([]);
  expect(found(`${line("")}\n...\n${line("", "END")}\n${body("aB3/")}`)).toEqual([]);
});

test.each([
  ["dashes", "a |-----", ""],
  ["two letters", "-----BE", ""],
  ["three letters", "-----BEG", "BEG"],
  ["part of the line", `${line("").slice(0, 18)}`, line("").slice(5, 18)],
  ["the line", line("RSA "), line("RSA ").slice(5)],
  ["another line", "-----BEGIN CERTIFICATE-----", ""],
])("pending: %s", (_, text, held) => {
  expect(text.slice(createPrivateKeyFinder().pending(text))).toBe(held);
});

test("keys are told apart by what follows their first lines", () => {
  const identities = ["aB3/", "xY7+", "aB3/"].map((seed) => {
    const search = createPrivateKeyFinder().search();
    search.advance(block("EC ", seed).slice(0, -40), 0, false);
    return search.begun?.()?.identity;
  });
  expect(identities[0]).toBe(identities[2]);
  expect(identities[0]).not.toBe(identities[1]);
});
