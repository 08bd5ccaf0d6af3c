import { expect, test } from "vitest";
import { maskRequest } from "../../../src/daemon/providers/masked-request.js";
import { createHushMasking } from "../../support/hush-masking.js";

const terms = {
  detectors: ["x"],
  patterns: [],
  words: [],
  requests: "mask",
  restore: false,
} as const;
const members = { noPrompt: new Set(["id"]), unreadableBy: () => undefined };

const masked = (body: Buffer | string, contentType: string, parsed = false) => {
  const { mask } = createHushMasking().masking.open("s", terms);
  return maskRequest({ contentType, body: Buffer.from(body), mask, parsed, members });
};

test("a body with nothing to mask is the very same bytes", async () => {
  const { mask } = createHushMasking().masking.open("s", terms);
  for (const text of ['{"a":"b"}', "plain", "", "\xff\xfe"]) {
    const body = Buffer.from(text, "latin1");
    const request = { contentType: "application/json", body, mask, parsed: false, members };
    const { recorded, sent, found } = await maskRequest(request);
    expect([recorded, sent, found]).toEqual([body, body, []]);
    expect(recorded).toBe(body);
    expect(sent).toBe(body);
  }
});

test("JSON, and what says it is and is none", async () => {
  const json = await masked('{"id":"hush-a","input":"é hush-b"}', "application/json", true);
  expect(json.recorded.toString()).toBe('{"id":"[masked:hush]#1","input":"é [masked:hush]#2"}');
  expect(json.sent.toString()).toBe('{"id":"hush-a","input":"é [masked:hush]#2"}');
  expect(json).toMatchObject({ where: "input", found: [{ count: 2 }], inPrompt: [{ count: 1 }] });
  const broken = await masked('{"id":"hush-a", hush-b', "application/json");
  expect(broken.recorded.toString()).toBe('{"id":"[masked:hush]#1", [masked:hush]#2');
});

test("a form: fields, texts and names of files, also of a file with bytes that are not UTF-8", async () => {
  const form = [
    '--B\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nhush-a\r\n',
    '--B\r\nContent-Disposition: form-data; name="file"; filename="hush-b.txt"\r\n\r\n{"x":"hush-a"}\r\n',
    '--B\r\nContent-Disposition: form-data; name="file"; filename="c"\r\n\r\n\xff\xfehush-c\r\n',
    "--B--\r\n",
  ].join("");
  const result = await masked(Buffer.from(form, "latin1"), "multipart/form-data; boundary=B");
  const mark = (number: number) => `[masked:hush]#${number}`;
  const text = form.replaceAll("hush-a", mark(1)).replace("hush-b", mark(2));
  expect(result.recorded.toString("latin1")).toBe(text.replace("hush-c", mark(3)));
  expect(result.sent).toEqual(result.recorded);
  expect(result.found).toEqual([{ detector: "hush", count: 4, place: "request" }]);
  expect(result.inPrompt).toEqual([{ detector: "hush", count: 4, place: "request" }]);
  expect(result.where).toBe("the field purpose");
});

test("a form that is none is one text", async () => {
  const { recorded } = await masked("--C\r\nhush-a", "multipart/form-data; boundary=B");
  expect(recorded.toString()).toBe("--C\r\n[masked:hush]#1");
});

test("a large body is masked in turns of the event loop, and comes out the same", async () => {
  const input = Array.from({ length: 20_000 }, (_, index) => `text ${index} hush-${index % 7}`);
  const result = masked(JSON.stringify({ input }), "application/json", true);
  expect(result).toBeInstanceOf(Promise);
  const { sent, found } = await result;
  expect(JSON.parse(sent.toString()).input[9]).toBe("text 9 [masked:hush]#3");
  expect(found).toEqual([{ detector: "hush", count: 20_000, place: "request" }]);
});

test("a boundary that is a secret: masked in the record, wherever it stands, and sent as it is", async () => {
  const part = (lines: string) =>
    `--hush-b\r\ncontent-disposition: form-data; name="a"\r\n${lines}\r\n`;
  const form = `${part("\r\none")}${part("--hush-h: x\r\n\r\ntwo hush-t")}--hush-b--\r\n`;
  for (const type of ["boundary=hush-b", 'boundary="hush-b"']) {
    const result = await masked(form, `multipart/form-data; ${type}`);
    const recorded = result.recorded.toString();
    expect(recorded).not.toContain("hush-");
    expect(recorded.match(/^--\[masked:hush\]#1$/gm)).toHaveLength(2);
    expect(recorded).toMatch(/\r\n--\[masked:hush\]#1--\r\n$/);
    const sent = result.sent.toString();
    expect(sent.match(/^--hush-b(?:--)?\r$/gm)).toHaveLength(3);
    // A header may begin with dashes too.
    expect(sent.replaceAll("--hush-b", "")).not.toContain("hush-");
    expect(result.found).toMatchObject([{ count: 3 }]);
  }
});

test("a form of which only the boundary is a secret leaves as it is", async () => {
  const form = '--hush-b\r\ncontent-disposition: form-data; name="a"\r\n\r\none\r\n--hush-b--';
  const { recorded, sent, found, inPrompt } = await masked(
    form,
    "multipart/form-data; boundary=hush-b",
  );
  expect(sent.toString()).toBe(form);
  expect(recorded.toString()).toBe(form.replaceAll("hush-b", "[masked:hush]#1"));
  expect(found).toMatchObject([{ count: 1 }]);
  expect(inPrompt).toEqual([]);
});
