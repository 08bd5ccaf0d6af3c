import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { brotliCompressSync, createGzip, deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type Metered, openUsageTap } from "../../../../src/daemon/path/reply/usage-tap.js";
import { openai } from "../../../../src/daemon/providers/openai/openai.js";

const works = { action: "responses.create", class: "inference" } as const;

const body = Buffer.from(
  `{"output":"${randomBytes(5_000).toString("hex")}","usage":{"input_tokens":12,"output_tokens":34}}`,
);

function open(encoding: string) {
  const headers = ["Content-Type", "application/json", "Content-Encoding", encoding];
  return openUsageTap(
    openai,
    { status: 200, statusText: "", headers },
    { ...works, stream: false },
  );
}

function count(encoding: string, bytes: Buffer, step = 100) {
  const tap = open(encoding);
  for (let at = 0; at < bytes.length; at += step) tap.push(bytes.subarray(at, at + step));
  return new Promise((resolve) => tap.finish(({ stated }) => resolve(stated)));
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

test("M3: a bomb is not decoded to its end, and the reply's end does not wait for it", async () => {
  const parts: Buffer[] = [];
  const gzip = createGzip({ level: 1 }).on("data", (part: Buffer) => parts.push(part));
  // 256 MB, and the usage behind them.
  for (let count = 0; count < 64; count += 1) gzip.write(Buffer.alloc(4 << 20));
  gzip.end(body);
  await once(gzip, "end");
  const bomb = Buffer.concat(parts);
  expect(bomb.length).toBeLessThan(4 << 20);
  expect(await count("gzip", bomb, 65_536)).toBeNull();
});

test("a reply that stopped short is counted as far as it went", () => {
  const tap = open("identity");
  tap.push(body);
  expect(tap.soFar().stated).toEqual({ input: 12, output: 34 });
  expect(open("gzip").soFar().stated).toBeNull();
});

test("a stream that was asked for is counted under any content-type", () => {
  const headers = ["content-type", "text/plain"];
  const reply = { status: 200, statusText: "", headers };
  for (const [streamed, tokens] of [
    [true, { input: 12, output: 34 }],
    [false, null],
  ] as const) {
    const tap = openUsageTap(openai, reply, { ...works, stream: streamed });
    tap.push(Buffer.concat([Buffer.from("data: "), body]));
    expect(tap.soFar().stated).toEqual(tokens);
  }
});

test.each([
  ["identity", (bytes: Buffer) => bytes],
  ["gzip", gzipSync],
] as const)(
  "what a reply sent with %s does not state is estimated from its text",
  async (encoding, pack) => {
    const bytes = pack(Buffer.from(JSON.stringify({ text: "word ".repeat(400) })));
    const tap = open(encoding);
    tap.push(bytes);
    const { stated, output } = await new Promise<Metered>((resolve) => tap.finish(resolve));
    expect(stated).toBeNull();
    expect(output).toBe(503);
  },
);

test("of what cannot be decoded the packed bytes are counted", async () => {
  const tap = open("gzip");
  tap.push(Buffer.alloc(4_000, "x"));
  const { output } = await new Promise<Metered>((resolve) => tap.finish(resolve));
  expect(output).toBe(1_000);
});
