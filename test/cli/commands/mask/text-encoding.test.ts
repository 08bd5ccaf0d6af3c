/** UTF-16 goes through `hoopx mask` as UTF-8 and comes out as it was; what cannot be read is refused. */
import { expect, test } from "vitest";
import { encodingOf } from "../../../../src/cli/commands/mask/text-encoding.js";

const text = "DB_PASSWORD=j29Na6Pr\r\nGrüße, 日本 😀\r\n";
const little = (written: string) => Buffer.from(written, "utf16le");
const big = (written: string) => little(written).swap16();

async function* cut(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What the daemon gets, and what is written of what it answers. */
async function through(input: Buffer, size: number) {
  const { encoding, bytes } = await encodingOf(cut(input, size));
  const inside = await all(encoding.decoded(bytes));
  const answer = Buffer.from(inside.toString().replace("j29Na6Pr", "[masked:x]#1"));
  return { inside: inside.toString(), output: await all(encoding.encoded(cut(answer, size))) };
}

const masked = text.replace("j29Na6Pr", "[masked:x]#1");
const mark = "\ufeff";

test.each([
  ["little end first, marked", little(mark + text), mark + text, little(mark + masked)],
  ["big end first, marked", big(mark + text), mark + text, big(mark + masked)],
  ["little end first", little(text), text, little(masked)],
  ["big end first", big(text), text, big(masked)],
  ["UTF-8", Buffer.from(text), text, Buffer.from(masked)],
  ["UTF-8, marked", Buffer.from(mark + text), mark + text, Buffer.from(mark + masked)],
  ["nothing", Buffer.alloc(0), "", Buffer.alloc(0)],
  ["a letter", Buffer.from("a"), "a", Buffer.from("a")],
])("%s", async (_, input, inside, output) => {
  for (const size of [1, 2, 3, 7, 1000]) {
    expect(await through(input, size)).toEqual({ inside, output });
  }
});

test("bytes that are no text stay as they are", async () => {
  const bytes = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0xff, 0xfe, 0x80]);
  const { encoding, bytes: again } = await encodingOf(cut(bytes, 4));
  expect(await all(encoding.encoded(encoding.decoded(again)))).toEqual(bytes);
});

test.each([
  ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])],
  ["UTF-32, big end first", Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x61])],
  ["half a character at the end", little(text).subarray(0, -1)],
  ["half a pair", little(`${mark}a\ud800b`)],
])("refused: %s", async (_, bytes) => {
  await expect(through(bytes, 5)).rejects.toMatchObject({ code: "file_unreadable" });
});
