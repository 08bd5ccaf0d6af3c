/** Replies that hide what they are: none of them passes a secret by. */
import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { authorized, startDataPath } from "../../../support/data-path.js";
import { fakeSecret, openFakeMasking } from "../../../support/fake-masking.js";

type DataPath = Awaited<ReturnType<typeof startDataPath>>;
const open: DataPath[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const secret = fakeSecret(1);
const text = JSON.stringify({ token: secret });
const utf16 = Buffer.from(text, "utf16le");
const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]);
const json = "application/json";

async function ask(headers: readonly string[], body: string | Buffer) {
  const path = await startDataPath({
    upstream(request, answer: ServerResponse) {
      request.resume();
      answer.writeHead(200, [...headers]).end(body);
    },
    masking: { open: openFakeMasking, forget() {} },
  });
  open.push(path);
  const reply = await fetch(`${path.base}/v1/files/file-1/content`, { headers: authorized });
  return { status: reply.status, got: Buffer.from(await reply.arrayBuffer()) };
}

test.each([
  ["two codings in two lines", ["content-encoding", "gzip", "content-encoding", "gzip"]],
  ["one that is not known", ["content-encoding", "identity", "content-encoding", "odd"]],
  ["two kinds in two lines", ["content-type", "image/png", "content-type", json]],
  ["two kinds in one", ["content-type", `image/png, ${json}`]],
  ["UTF-16, said", ["content-type", "text/plain; charset=utf-16"]],
  ["UTF-7, said", ["content-type", `${json}; charset="UTF-7"`]],
])("%s: refused", async (_name, headers) => {
  const { status, got } = await ask(headers, text);
  expect(status).toBe(502);
  expect(JSON.parse(got.toString())).toMatchObject({ error: { code: "reply_unreadable" } });
});

test.each([
  ["UTF-16", json, utf16],
  ["UTF-16 with its mark", "text/csv", marked],
  ["the same the other way round", json, Buffer.from(marked).swap16()],
])("%s, not said: nothing of it passes", async (_name, type, body) => {
  const { got } = await ask(["content-type", type, "content-length", `${body.length}`], body);
  expect(got.toString("latin1").replaceAll("\0", "")).not.toContain(secret);
  expect(got.toString()).toContain("reply_unreadable");
});

test("a coding that stands beside one that is none is undone", async () => {
  const headers = ["content-encoding", "identity", "content-type", json];
  const { got } = await ask([...headers, "content-encoding", "gzip"], gzipSync(text));
  expect(JSON.parse(got.toString())).toEqual({ token: "[masked:fake]#1" });
});

test("letters that hold ASCII, and a boundary with a comma, are read", async () => {
  for (const type of ["text/plain; charset=ISO-8859-15", 'multipart/mixed; boundary="a,b"']) {
    const { status, got } = await ask(["content-type", type], `it is ${secret}`);
    expect(status).toBe(200);
    expect(got.toString()).toBe("it is [masked:fake]#1");
  }
});

test.each([
  ["in two lines", ["content-type", json, "Content-Type", json]],
  ["in three", ["content-type", json, "content-type", json, "content-type", json]],
  ["in other case", ["content-type", json, "content-type", "Application/JSON"]],
  [
    "with other spaces",
    ["content-type", `${json};charset=utf-8`, "content-type", `${json}; charset="utf-8"`],
  ],
  ["in one line", ["content-type", `${json}, ${json}`]],
])("a type said again %s is one type", async (_name, headers) => {
  const { status, got } = await ask(headers, text);
  expect(status).toBe(200);
  expect(JSON.parse(got.toString())).toEqual({ token: "[masked:fake]#1" });
});
