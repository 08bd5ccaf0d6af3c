import * as zlib from "node:zlib";
import { expect, test } from "vitest";
import { createBodyDecoders } from "../../../../src/daemon/formats/coding/body-encoding.js";

const text = Buffer.from(JSON.stringify({ model: "gpt-5", input: "hello ".repeat(100) }));
const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer };

const packed: readonly (readonly [string, Buffer])[] = [
  ["gzip", zlib.gzipSync(text)],
  ["X-GZIP", zlib.gzipSync(text)],
  ["deflate", zlib.deflateSync(text)],
  ["br", zlib.brotliCompressSync(text)],
  ...(zstdCompressSync === undefined ? [] : ([["zstd", zstdCompressSync(text)]] as const)),
];

const limits = { bodyBytes: 2 << 20, unpackRatio: 100 };

test.each(packed)("%s is unpacked", async (encoding, body) => {
  expect(await createBodyDecoders(limits)(encoding)?.(body)).toEqual(text);
});

test("a plain body has no decoder", () => {
  for (const encoding of [undefined, "identity", ""]) {
    expect(createBodyDecoders(limits)(encoding)).toBeUndefined();
  }
});

test.each(["gzip, gzip", "compress", "aws-chunked", "gzip;q=1"])("%s is refused", (encoding) => {
  expect(() => createBodyDecoders(limits)(encoding)).toThrow(
    expect.objectContaining({ code: "encoding_unsupported", status: 415 }),
  );
});

test("a bomb is refused at the cap, and the next body is read", async () => {
  const decoderOf = createBodyDecoders(limits);
  const bomb = zlib.gzipSync(Buffer.alloc(64 << 20));
  const far = zlib.gzipSync(Buffer.alloc((1 << 20) + 1));
  const [bombed, went, read] = await Promise.allSettled([
    decoderOf("gzip")?.(bomb),
    decoderOf("gzip")?.(far),
    decoderOf("gzip")?.(zlib.gzipSync(text)),
  ]);
  expect(bombed).toMatchObject({ status: "rejected", reason: { code: "body_too_large" } });
  const code = "body_unpacks_too_far";
  expect(went).toMatchObject({ status: "rejected", reason: { code, status: 413 } });
  expect(read).toEqual({ status: "fulfilled", value: text });
});

test("however far it unpacks, a body of 1 MiB is read", async () => {
  const large = Buffer.alloc(1 << 20);
  expect(await createBodyDecoders(limits)("gzip")?.(zlib.gzipSync(large))).toEqual(large);
});

test("what it becomes is counted as it grows, and forgotten where there is no room", async () => {
  const sizes: number[] = [];
  const hold = (size: number) => sizes.push(size) < 5;
  const packed = zlib.gzipSync(Buffer.alloc(1 << 20));
  const refused = createBodyDecoders(limits)("gzip")?.(packed, hold);
  await expect(refused).rejects.toMatchObject({ code: "bodies_too_large", status: 503 });
  expect(sizes).toEqual([1, 2, 3, 4, 5].map((times) => times << 16).concat(0));
});

test.each<[string, Buffer]>([
  ["gzip", Buffer.concat([zlib.gzipSync(text), zlib.gzipSync(Buffer.from("{}"))])],
  ["gzip", Buffer.concat([zlib.gzipSync(text), Buffer.from("more")])],
  ["deflate", Buffer.concat([zlib.deflateSync(text), Buffer.from("more")])],
  ["gzip", zlib.gzipSync(text).subarray(0, 40)],
  ["br", text],
  ["deflate", zlib.deflateRawSync(text)],
])("%s: what is cut short, goes on or is something else is refused", async (encoding, body) => {
  await expect(createBodyDecoders(limits)(encoding)?.(body)).rejects.toMatchObject({
    code: "body_unreadable",
  });
});
