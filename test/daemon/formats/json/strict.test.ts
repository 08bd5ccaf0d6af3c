import { describe, expect, test } from "vitest";
import { parseStrictJson } from "../../../../src/daemon/formats/json/strict.js";

const parse = (text: string) => parseStrictJson(Buffer.from(text));
const refused = (bytes: Uint8Array | string) => {
  try {
    parseStrictJson(Buffer.from(bytes as string));
  } catch (error) {
    return { code: (error as { code?: string }).code, message: (error as Error).message };
  }
  throw new Error("not refused");
};

describe("what is JSON passes as JSON.parse reads it", () => {
  const texts = [
    "{}",
    "[]",
    '"a:b,{\\"c\\":1}"',
    "-1.5e3",
    "null",
    ' { "a" : [ { "b" : ":" } , { "b" : "\\\\" } ] } ',
    '{"":1,"\\"":2,"\\\\":3}',
    '{"1":1,"01":2}',
    '{"a":{"a":{"a":1}},"b":{"a":1}}',
    '{"é":"日本 😀","e\\u0301":2}',
    '{"constructor":1,"toString":{"hasOwnProperty":2}}',
    "[".repeat(512) + "]".repeat(512),
  ];
  test.each(texts)("%s", (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  test("a view into a larger buffer is read alone", () => {
    const whole = Buffer.from('xx{"a":1}yy');
    expect(parseStrictJson(new Uint8Array(whole.buffer, whole.byteOffset + 2, 7))).toEqual({
      a: 1,
    });
  });

  test("a __proto__ key is a key like any other and pollutes nothing", () => {
    const value = parse('{"__proto__":{"admin":true},"a":1}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(["__proto__", "a"]);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe("a key that stands twice is refused and named", () => {
  test.each([
    ['{"model":"a","model":"b"}', "model"],
    ['{"model":"a","\\u006dodel":"b"}', "model"],
    ['{"a":1,"b":{},"a":{}}', "a"],
    ['{"tools":[{"name":"x"},{"name":"y","name":"z"}]}', "tools[1].name"],
    ['{"a":[[1,2],[{"b":{"c":1,"d":"}","c":2}}]]}', "a[1][0].b.c"],
    ['{"__proto__":1,"__proto__":2}', "__proto__"],
    ['{"__proto__":{"x":1,"x":2}}', "__proto__.x"],
    ['{"é":1,"\\u00e9":2}', '["é"]'],
    ['{"":1,"":2}', '[""]'],
    ['{"1":1,"1":2}', "1"],
    ['{"a\\\\":1,"a\\\\":2}', '["a\\\\"]'],
  ])("%s", (text, path) => {
    expect(refused(text)).toEqual({
      code: "body_unreadable",
      message: `the body has the same key twice: ${path}`,
    });
  });

  test("behind a long string too", () => {
    const text = `{"input":"${"x".repeat(5_000_000)}","n":1,"n":2}`;
    expect(refused(text).message).toBe("the body has the same key twice: n");
  });
});

describe("what is not JSON in UTF-8 is refused, and nothing of it quoted", () => {
  test.each([
    ["not UTF-8", Buffer.from([0x22, 0xc3, 0x28, 0x22]), "is not UTF-8"],
    ["an overlong slash", Buffer.from([0x22, 0xc0, 0xaf, 0x22]), "is not UTF-8"],
    ["a surrogate in UTF-8", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), "is not UTF-8"],
    ["a byte order mark", Buffer.from('\ufeff{"a":1}'), "begins with a byte order mark"],
    ["UTF-16, marked", Buffer.from("\ufeff{}", "utf16le"), "is UTF-16, where JSON is UTF-8"],
    ["UTF-16", Buffer.from('{"a":1}', "utf16le"), "is not JSON"],
    ["nothing", Buffer.alloc(0), "is not JSON"],
    ["an unclosed string", Buffer.from('{"a'), "is not JSON"],
    ["an escape at the end", Buffer.from('{"a\\'), "is not JSON"],
    ["single quotes", Buffer.from("{'a':1}"), "is not JSON"],
    ["a comment", Buffer.from("{/**/}"), "is not JSON"],
    ["a comma too many", Buffer.from('{"a":1,}'), "is not JSON"],
    ["NaN", Buffer.from('{"a":NaN}'), "is not JSON"],
    ["two values", Buffer.from("{}{}"), "is not JSON"],
  ])("%s", (_name, bytes, message) => {
    const refusal = refused(bytes);
    expect(refusal.code).toBe("body_unreadable");
    expect(refusal.message).toContain(message);
  });

  test("an error never shows the text around it", () => {
    expect(refused('{"key":"sk-secret" oops}').message).not.toContain("sk-");
    expect(refused('{"key":sk-secret}').message).not.toContain("sk-");
  });

  test("a million brackets are refused for their depth", () => {
    expect(refused("[".repeat(1_000_000)).message).toMatch(/nested more than 512 deep at byte 512/);
    expect(refused('{"a":'.repeat(513)).message).toMatch(/nested more than 512 deep/);
  });

  test("the message names what was read", () => {
    expect(() => parseStrictJson(Buffer.from("{"), "the field session")).toThrow(
      /^the field session is not JSON/,
    );
  });
});
