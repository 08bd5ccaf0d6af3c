/** All of a reply that is not its body: nothing of it reaches agent or record unsearched. */
import { afterEach, expect, test } from "vitest";
import { authorized, key, startDataPath } from "../../../support/data-path.js";
import { fakeSecret, openFakeMasking } from "../../../support/fake-masking.js";

type DataPath = Awaited<ReturnType<typeof startDataPath>>;
const open: DataPath[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const secret = fakeSecret(1);
const stars = "*".repeat(key.length);
const mark = "[masked:fake]#1";

/** What the client gets, byte for byte, of an upstream that writes this; and what is recorded. */
async function ask(written: string) {
  const path = await startDataPath({
    upstream(request) {
      request.resume().on("end", () => request.socket.write(written));
    },
    masking: { open: openFakeMasking, forget() {} },
  });
  open.push(path);
  const got = await path.raw(
    `GET /openai/v1/models HTTP/1.1\r\nHost: localhost:${path.port}\r\nAuthorization: ${authorized.authorization}\r\nConnection: close\r\n\r\n`,
  );
  const [exchange] = path.transcripts.exchanges;
  if (exchange === undefined) throw new Error("nothing is recorded");
  const frames = exchange.frames.map(({ data }) => Buffer.from(data).toString("latin1"));
  return { got, recorded: frames.join("\n"), ending: exchange.ending };
}

const reply = (reason: string, headers = "") =>
  `HTTP/1.1 200 ${reason}\r\ncontent-type: application/json\r\ncontent-length: 2\r\n${headers}\r\n{}`;

test.each([
  ["the reason", reply(`no ${key} ${secret}`), [`200 no ${stars} ${mark}\r`]],
  ["a header", reply("OK", `x-a: ${key}, ${secret}\r\n`), [`x-a: ${stars}, ${mark}\r`]],
  [
    "a header that comes twice",
    reply("OK", `x-a: ${key}\r\nX-A: ${secret}\r\n`),
    [`x-a: ${stars}\r`, `X-A: ${mark}\r`],
  ],
  ["a cookie", reply("OK", `set-cookie: a=${key}\r\n`), [`set-cookie: a=${stars}\r`]],
])("%s: hidden from agent and record, and counted", async (_name, written, wanted) => {
  const { got, recorded, ending } = await ask(written);
  for (const line of wanted) expect(got).toContain(line);
  for (const text of [got, recorded]) {
    expect(text).not.toContain(key);
    expect(text).not.toContain(secret);
  }
  expect(ending?.masked).toContainEqual({ detector: "credential", count: 1, place: "reply" });
});

const hints = `HTTP/1.1 103 Early ${key}\r\nlink: <${secret}>\r\n\r\n`;
const chunked =
  "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n";

test.each([
  ["an interim head", hints + reply("OK")],
  ["a trailer", `${chunked}trailer: x-a\r\n\r\n2\r\n{}\r\n0\r\nx-a: ${key} ${secret}\r\n\r\n`],
  ["a chunk's extension", `${chunked}\r\n2;a=${key}\r\n{}\r\n0;b=${secret}\r\n\r\n`],
])("%s never leaves", async (_name, written) => {
  const { got, recorded, ending } = await ask(written);
  expect(got).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(got).toContain("{}");
  expect(got + recorded).not.toMatch(/sk-real|SECRET/);
  expect(ending?.error).toBeNull();
});

test.each([
  ["a header's name", `${key}: 1\r\n`],
  ["a header that frames the body", `content-range: ${key}\r\n`],
])("the credential in %s: the reply is refused", async (_name, headers) => {
  const { got, recorded, ending } = await ask(reply("OK", headers));
  expect(got).toMatch(/^HTTP\/1\.1 502 /);
  expect(got + recorded).not.toContain(key);
  expect(ending?.error).toBe("reply_unreadable");
});
