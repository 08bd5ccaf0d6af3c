import { randomBytes } from "node:crypto";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { openUsageTap } from "../../../src/daemon/path/usage-tap.js";
import { openai } from "../../../src/daemon/providers/openai/openai.js";

const body = Buffer.from(
  `{"output":"${randomBytes(5_000).toString("hex")}","usage":{"input_tokens":12,"output_tokens":34}}`,
);

function open(encoding: string) {
  const headers = ["Content-Type", "application/json", "Content-Encoding", encoding];
  return openUsageTap(openai, { status: 200, statusText: "", headers });
}

function count(encoding: string, bytes: Buffer) {
  const tap = open(encoding);
  for (let at = 0; at < bytes.length; at += 100) tap.push(bytes.subarray(at, at + 100));
  return new Promise((resolve) => tap.finish(resolve));
}

test.each([
  ["identity", body],
  ["gzip", gzipSync(body)],
  ["deflate", deflateSync(body)],
  ["br", brotliCompressSync(body)],
])("counts the tokens of a reply sent with %s", async (encoding, bytes) => {
  expect(await count(encoding, bytes)).toEqual({ input: 12, output: 34 });
});

test("what does not decode has no count, and does not wait", async () => {
  expect(await count("gzip", body)).toBeNull();
  expect(await count("gzip", gzipSync(body).subarray(0, 2_000))).toBeNull();
  expect(await count("zstd", body.subarray(0, 100))).toBeNull();
});

test("a reply that stopped short is counted as far as it went", () => {
  const tap = open("identity");
  tap.push(body);
  expect(tap.soFar()).toEqual({ input: 12, output: 34 });
  expect(open("gzip").soFar()).toBeNull();
});
