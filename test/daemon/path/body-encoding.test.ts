import * as zlib from "node:zlib";
import { expect, test } from "vitest";
import { createBodyDecoders } from "../../../src/daemon/path/body-encoding.js";

const text = Buffer.from(JSON.stringify({ model: "gpt-5", input: "hello ".repeat(100) }));
const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer };

const packed: readonly (readonly [string, Buffer])[] = [
  ["gzip", zlib.gzipSync(text)],
  ["X-GZIP", zlib.gzipSync(text)],
  ["deflate", zlib.deflateSync(text)],
  ["br", zlib.brotliCompressSync(text)],
  ...(zstdCompressSync === undefined ? [] : ([["zstd", zstdCompressSync(text)]] as const)),
];

test.each(packed)("%s is unpacked", async (encoding, body) => {
  expect(await createBodyDecoders(1 << 20)(encoding)?.(body)).toEqual(text);
});

test("a plain body has no decoder", () => {
  for (const encoding of [undefined, "identity", ""]) {
    expect(createBodyDecoders(100)(encoding)).toBeUndefined();
  }
});

test.each(["gzip, gzip", "compress", "aws-chunked", "gzip;q=1"])("%s is refused", (encoding) => {
  expect(() => createBodyDecoders(100)(encoding)).toThrow(
    expect.objectContaining({ code: "encoding_unsupported", status: 415 }),
  );
});

test("a bomb is refused at the cap, and the next body is read", async () => {
  const decoderOf = createBodyDecoders(1 << 20);
  const bomb = zlib.gzipSync(Buffer.alloc(64 << 20));
  const [bombed, read] = await Promise.allSettled([
    decoderOf("gzip")?.(bomb),
    decoderOf("gzip")?.(zlib.gzipSync(text)),
  ]);
  expect(bombed).toMatchObject({ status: "rejected", reason: { code: "body_too_large" } });
  expect(read).toEqual({ status: "fulfilled", value: text });
});

test.each<[string, Buffer]>([
  ["gzip", Buffer.concat([zlib.gzipSync(text), zlib.gzipSync(Buffer.from("{}"))])],
  ["gzip", Buffer.concat([zlib.gzipSync(text), Buffer.from("more")])],
  ["deflate", Buffer.concat([zlib.deflateSync(text), Buffer.from("more")])],
  ["gzip", zlib.gzipSync(text).subarray(0, 40)],
  ["br", text],
  ["deflate", zlib.deflateRawSync(text)],
])("%s: what is cut short, goes on or is something else is refused", async (encoding, body) => {
  await expect(createBodyDecoders(1 << 20)(encoding)?.(body)).rejects.toMatchObject({
    code: "body_unreadable",
  });
});
