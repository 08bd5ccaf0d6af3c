/** What becomes of secrets in requests, on the real path: what is recorded, and what leaves. */
import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import {
  type MaskingTerms,
  type RequestMasking,
  usualMasking,
} from "../../../../src/daemon/model/masking-terms.js";
import { withFindings } from "../../../../src/daemon/policy/findings.js";
import { authorized, startDataPath, token } from "../../../support/data-path.js";
import { bob, deskRoom } from "../../reviews/desk-room.js";

let path: Awaited<ReturnType<typeof startDataPath>> | undefined;
afterEach(async () => {
  path?.endSession();
  await path?.close();
});

async function start(requests: RequestMasking, change: Partial<MaskingTerms> = {}) {
  const bodies: { body: Buffer; encoding: string | undefined; length: string | undefined }[] = [];
  const masking = { ...usualMasking, ...change, requests };
  const room = await deskRoom();
  path = await startDataPath({
    desk: room.desk,
    policy: {
      masking,
      judgeFindings: (verdict, found, where) => withFindings(masking, verdict, found, where),
    },
    upstream(request, response) {
      const pieces: Buffer[] = [];
      request.on("data", (piece) => pieces.push(piece));
      request.on("end", () => {
        const { "content-encoding": encoding, "content-length": length } = request.headers;
        bodies.push({ body: Buffer.concat(pieces), encoding, length });
        response.setHeader("content-type", "application/json").end('{"ok":true}');
      });
    },
  });
  const { transcripts, base } = path;
  const post = (
    body: string | Buffer,
    headers: Record<string, string> = {},
    target = "/v1/responses",
  ) =>
    fetch(`${base}${target}`, {
      method: "POST",
      headers: { ...authorized, "content-type": "application/json", ...headers },
      body: Buffer.from(body),
    });
  const recorded = (kind: "request-head" | "request-body" = "request-body", place = 0) => {
    const exchange = transcripts.exchanges[place];
    return exchange === undefined ? "" : transcripts.text(exchange, kind);
  };
  return { ...room, path, bodies, post, recorded, transcripts };
}

const body = JSON.stringify({ model: "gpt-5", input: "the word is hush-abc", id: "hush-id" });
const masked = JSON.stringify({
  model: "gpt-5",
  input: "the word is [masked:hush]#1",
  id: "[masked:hush]#2",
});
const found = [{ detector: "hush", count: 2, place: "request" }];

test("record: sent as it is, recorded masked, and counted", async () => {
  const { post, bodies, recorded, transcripts } = await start("record");
  const response = await post(body);
  expect(response.status).toBe(200);
  await response.text();
  expect(bodies[0]?.body.toString()).toBe(body);
  expect(recorded()).toBe(masked);
  expect(transcripts.exchanges[0]?.ending?.masked).toEqual(found);
});

test("turns of a conversation are recorded and sent as each by itself would be", async () => {
  const { post, bodies, recorded } = await start("mask");
  const messages = Array.from({ length: 8 }, (_, number) => ({
    role: "user",
    content: `hush-${number % 3} ${"é a long text ".repeat(60)}`,
    id: `hush-id${number % 2}`,
  }));
  const turns = [4, 5, 8, 3, 6].map((length) =>
    JSON.stringify({ input: messages.slice(0, length) }),
  );
  // A message in the middle that is another one, and the whole again.
  turns.push((turns[4] as string).replace("hush-2", "hush-9"), turns[2] as string);
  const marks = ["hush-0", "hush-id0", "hush-1", "hush-id1", "hush-2", "hush-9"];
  for (const turn of turns) await (await post(turn)).text();
  for (const [place, turn] of turns.entries()) {
    const withMarks = (words: RegExp) =>
      turn.replace(words, (word) => `[masked:hush]#${marks.indexOf(word) + 1}`);
    expect(Buffer.from(recorded("request-body", place), "latin1").toString()).toBe(
      withMarks(/hush-\w+/g),
    );
    expect(bodies[place]?.body.toString()).toBe(withMarks(/hush-\d/g));
  }
});

test("off: nothing is looked at", async () => {
  const { post, recorded } = await start("off");
  await (await post(body)).text();
  expect(recorded()).toBe(body);
});

test("mask: nothing of it leaves; members that are no prompt do", async () => {
  const { post, bodies, recorded } = await start("mask");
  await (await post(body)).text();
  const sent = masked.replace("[masked:hush]#2", "hush-id");
  expect(bodies[0]?.body.toString()).toBe(sent);
  expect(bodies[0]?.length).toBe(String(sent.length));
  expect(recorded()).toBe(masked);
});

test("a packed body: recorded unpacked where something is masked, as it came where not", async () => {
  const { post, bodies, recorded, transcripts } = await start("record");
  const packed = gzipSync(body);
  await (await post(packed, { "content-encoding": "gzip" })).text();
  expect(bodies[0]).toMatchObject({ body: packed, encoding: "gzip" });
  expect(recorded()).toBe(masked);
  expect(recorded("request-head")).not.toContain("content-encoding");
  await (await post(gzipSync('{"model":"m"}'), { "content-encoding": "gzip" })).text();
  expect(recorded("request-head", 1)).toContain("content-encoding: gzip");
  const second = transcripts.exchanges[1]?.frames.find(({ kind }) => kind === "request-body");
  expect(gunzipSync(second?.data ?? Buffer.alloc(0)).toString()).toBe('{"model":"m"}');
});

test("mask: a packed body leaves unpacked", async () => {
  const { post, bodies } = await start("mask");
  await (await post(gzipSync(body), { "content-encoding": "gzip" })).text();
  expect(bodies[0]?.encoding).toBeUndefined();
  expect(bodies[0]?.body.toString()).toContain("the word is [masked:hush]#1");
});

test("path, query and headers are masked in the record", async () => {
  const { post, recorded, transcripts } = await start("record");
  const target = "/v1/responses?a=hush-q&b=%68ush-r&c=%20";
  await (await post('{"model":"m"}', { "x-note": "hush-h" }, target)).text();
  const head = recorded("request-head");
  expect(head).not.toContain("hush-");
  expect(head).not.toContain("%68ush");
  expect(head).toContain("c=%20");
  expect(transcripts.exchanges[0]?.opening.operation?.path).not.toContain("hush-");
  expect(transcripts.exchanges[0]?.ending?.masked[0]?.count).toBe(3);
});

test.each(["record", "off"] as const)(
  "%s: the session's token is nowhere in the record, whatever the client puts it into",
  async (requests) => {
    const { post, transcripts, path } = await start(requests);
    const body = { model: token, tools: [{ type: "function", name: token }], input: token };
    await (await post(JSON.stringify(body), {}, `/v1/responses?next=${token}`)).text();
    await (await fetch(`${path.base}/v1/files/${token}`, { headers: authorized })).text();
    expect(transcripts.exchanges).toHaveLength(2);
    for (const { opening } of transcripts.exchanges) {
      expect(JSON.stringify(opening.operation)).toContain("***");
      expect(
        JSON.stringify(opening, (_, value) => (typeof value === "bigint" ? 0 : value)),
      ).not.toContain(token);
      for (const { data } of opening.frames) {
        expect(Buffer.from(data).toString("latin1")).not.toContain(token);
      }
    }
  },
);

test("deny: nothing leaves, and the agent is told which detectors and where", async () => {
  const { post, recorded, path, transcripts } = await start("deny");
  const response = await post(body);
  expect(response.status).toBe(400);
  const text = await response.text();
  expect(text).toContain("1 × hush, first in input");
  expect(text).not.toContain("hush-");
  expect(path.received()).toBe(0);
  expect(recorded()).toBe(masked);
  const { decision } = transcripts.exchanges[0]?.opening ?? {};
  expect(decision).toMatchObject({ effect: "deny", rule: "masking/requests" });
  expect(transcripts.exchanges[0]?.ending?.masked).toEqual(found);
  // A credential for a hosted tool is no prompt.
  expect((await post('{"model":"m","id":"hush-x"}')).status).toBe(200);
});

test("review: what is shown is masked, and what is approved is sent as it was", async () => {
  const { post, opened, desk, bodies, recorded } = await start("review");
  const review = opened();
  const answer = post(body);
  const { id, reason, requestSha256 } = await review;
  expect(reason).toContain("1 × hush");
  await desk.approve(id, { reviewer: bob, comment: null });
  expect((await answer).status).toBe(200);
  expect(bodies[0]?.body.toString()).toBe(body);
  expect(createHash("sha256").update(body).digest("hex")).toBe(requestSha256);
  expect(recorded()).toBe(masked);
});

test("an unknown path's refusal repeats nothing that is masked", async () => {
  const { post, transcripts, recorded } = await start("record");
  const response = await post("{}", {}, "/v1/hush-path");
  const text = await response.text();
  expect(text).not.toContain("hush-path");
  expect(recorded("request-head")).not.toContain("hush-path");
  expect(JSON.stringify(transcripts.exchanges[0]?.opening.decision)).not.toContain("hush-path");
});

test("what is refused before it is read is masked too", async () => {
  const { post, recorded } = await start("record");
  await (await post("{}", { "content-encoding": "x", "x-note": "hush-h" })).text();
  expect(recorded("request-head")).toContain("x-note: [masked:hush]#1");
});

test("a boundary that is a secret is in neither the head nor the body of the record", async () => {
  const { post, bodies, recorded } = await start("record");
  const form = '--hush-b\r\ncontent-disposition: form-data; name="a"\r\n\r\none\r\n--hush-b--\r\n';
  const type = { "content-type": "multipart/form-data; boundary=hush-b" };
  await (await post(form, type, "/v1/files")).text();
  expect(bodies[0]?.body.toString()).toBe(form);
  expect(recorded("request-head")).toContain("boundary=[masked:hush]#1");
  expect(recorded()).toBe(form.replaceAll("hush-b", "[masked:hush]#1"));
});
