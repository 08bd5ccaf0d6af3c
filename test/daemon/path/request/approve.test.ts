/** A review on the real path: what the client sees while it waits, and what is sent. */
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { Verdict } from "../../../../src/daemon/model/decision.js";
import { usualMasking } from "../../../../src/daemon/model/masking-terms.js";
import { authorized, type DataPathOptions, startDataPath } from "../../../support/data-path.js";
import { bob, deskRoom, plain, writes } from "../../reviews/desk-room.js";

let path: Awaited<ReturnType<typeof startDataPath>> | undefined;
afterEach(async () => {
  path?.endSession();
  await path?.close();
});

const verdict: Verdict = {
  effect: "review",
  rule: "writes",
  origin: writes,
  reason: "because",
  review: plain,
};
const yes = { reviewer: bob, comment: null };

async function start(patience = 60_000, more: Partial<DataPathOptions> = {}) {
  const bodies: { text: string; type: string | undefined }[] = [];
  const room = await deskRoom();
  path = await startDataPath({
    verdict,
    desk: room.desk,
    waiting: { processingEvery: 20, patience },
    ...more,
    upstream(request, response) {
      let text = "";
      request.setEncoding("latin1").on("data", (chunk) => {
        text += chunk;
      });
      request.on("end", () => {
        bodies.push({ text, type: request.headers["content-type"] });
        response.setHeader("content-type", "application/json").end('{"ok":true}');
      });
    },
  });
  return { ...room, path, bodies };
}

function post(base: string, body: string, type = "application/json") {
  const request = httpRequest(`${base}/v1/files`, {
    method: "POST",
    headers: { ...authorized, "content-type": type, "user-agent": "node" },
  });
  let interim = 0;
  request.on("information", ({ statusCode }) => {
    if (statusCode === 102) interim += 1;
    request.emit("processing");
  });
  const answer = once(request, "response").then(async ([response]) => {
    let text = "";
    for await (const chunk of response) text += chunk;
    return { status: response.statusCode, text, interim };
  });
  answer.catch(() => {});
  request.on("error", () => {});
  request.end(body);
  return { request, answer };
}

const form = (boundary: string) =>
  `--${boundary}\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n` +
  `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nplans\r\n--${boundary}--\r\n`;
const formType = (boundary: string) => `multipart/form-data; boundary=${boundary}`;

test("102 Processing goes out while it waits, and the reply comes after the approval", async () => {
  const { path, desk, opened, bodies } = await start();
  const first = opened();
  const { request, answer } = post(path.base, form("x"), formType("x"));
  const { id } = await first;
  for (let beat = 0; beat < 3; beat += 1) await once(request, "processing");
  expect(path.received()).toBe(0);
  await desk.approve(id, yes);
  const { status, interim } = await answer;
  expect(status).toBe(200);
  expect(interim).toBeGreaterThanOrEqual(3);
  expect(bodies).toEqual([{ text: form("x"), type: formType("x") }]);
});

test("a held request holds up nobody else", async () => {
  const { path, desk, opened, bodies } = await start();
  const first = opened();
  const held = post(path.base, form("a"), formType("a"));
  const { id } = await first;
  const second = opened();
  const next = post(path.base, form("a").replace("plans", "other"), formType("a"));
  const other = await second;
  await desk.approve(other.id, yes);
  expect((await next.answer).status).toBe(200);
  expect(desk.pending()).toBe(1);
  await desk.approve(id, yes);
  expect((await held.answer).status).toBe(200);
  expect(bodies).toHaveLength(2);
});

test("past the client's patience it is refused with the review's id; the next try finds the answer", async () => {
  const { path, desk, opened } = await start(50);
  const first = opened();
  const { answer } = post(path.base, form("x"), formType("x"));
  const { id } = await first;
  const refused = await answer;
  expect(refused.status).toBe(400);
  expect(JSON.parse(refused.text).error).toMatchObject({ code: "review_pending" });
  expect(refused.text).toContain(id);
  expect(desk.pending()).toBe(1);
  await desk.approve(id, yes);
  expect((await post(path.base, form("x"), formType("x")).answer).status).toBe(200);
  expect(path.received()).toBe(1);
});

test("a retry with a boundary of its own joins, and sends the bytes that were approved", async () => {
  const { path, desk, opened, bodies, store } = await start();
  const first = opened();
  const { request } = post(path.base, form("first"), formType("first"));
  const { id } = await first;
  request.destroy();
  const { answer } = post(path.base, form("second"), formType("second"));
  // The client that left is gone by then, and its review is not.
  while (path.transcripts.exchanges[0]?.ending?.error !== "client_left") await turn();
  while (path.transcripts.exchanges.length < 2) await turn();
  expect(desk.pending()).toBe(1);
  await desk.approve(id, yes);
  expect((await answer).status).toBe(200);
  expect(bodies).toEqual([{ text: form("first"), type: formType("first") }]);
  expect(await store.grants.list({ limit: 9 })).toMatchObject([{ uses: 1 }]);
});

const masking = { policy: { masking: usualMasking } };
const secretForm = (boundary: string) => form(boundary).replace("plans", "hush-plans");

test("A1: what is masked in the record is sent as it was approved, whatever a retry cut", async () => {
  const { path, desk, opened, bodies } = await start(60_000, masking);
  const review = opened();
  const { request, answer: first } = post(path.base, secretForm("first"), formType("first"));
  const { id } = await review;
  request.destroy();
  await first.catch(() => {});
  const { answer } = post(path.base, secretForm("again"), formType("again"));
  while (path.transcripts.exchanges.length < 2) await turn();
  expect(desk.pending()).toBe(1);
  await desk.approve(id, yes);
  expect((await answer).status).toBe(200);
  expect(bodies).toEqual([{ text: secretForm("first"), type: formType("first") }]);
  const [exchange] = path.transcripts.exchanges;
  expect(exchange && path.transcripts.text(exchange, "request-body")).not.toContain("hush-plans");
});

test("A1: where the approved bytes are gone, other bytes are another review", async () => {
  const { path, desk, opened, bodies } = await start(60_000, { ...masking, keptBytes: 0 });
  const first = opened();
  const { request, answer: left } = post(path.base, secretForm("first"), formType("first"));
  const { id } = await first;
  request.destroy();
  await left.catch(() => {});
  await desk.approve(id, yes);
  const second = opened();
  const { answer } = post(path.base, secretForm("again"), formType("again"));
  const anew = await second;
  expect(anew.id).not.toBe(id);
  expect(bodies).toEqual([]);
  await desk.approve(anew.id, yes);
  expect((await answer).status).toBe(200);
  expect(bodies).toEqual([{ text: secretForm("again"), type: formType("again") }]);
});

test.each([
  ["another body", form("x").replace("plans", "other"), formType("x")],
  ["another type", form("x"), `${formType("x")}; charset=utf-8`],
])("%s is another review", async (_name, body, type) => {
  const { path, desk, opened } = await start();
  const first = opened();
  post(path.base, form("x"), formType("x"));
  await first;
  const second = opened();
  const { answer } = post(path.base, body, type);
  const { id } = await second;
  expect(desk.pending()).toBe(2);
  await desk.deny(id, { reviewer: bob, comment: "not this" });
  const { status, text } = await answer;
  expect(status).toBe(400);
  expect(JSON.parse(text).error.message).toMatch(/denied by bob@example.com at .*: not this/);
  expect(path.received()).toBe(0);
});

test("nobody answers in time: 400, and nothing was sent", async () => {
  const short = { ...plain, timeoutMs: 30 };
  const verdict: Verdict = { effect: "review", rule: "r", reason: "b", review: short };
  const room = await deskRoom();
  const other = await startDataPath({
    verdict,
    desk: room.desk,
    upstream: (_request, response) => response.end(),
  });
  const { status, text } = await post(other.base, form("x"), formType("x")).answer;
  expect(status).toBe(400);
  expect(JSON.parse(text).error.code).toBe("review_expired");
  expect(other.received()).toBe(0);
  await other.close();
});

test("where the review cannot be written nothing leaves", async () => {
  const { path, store } = await start();
  await store.close();
  const { status, text } = await post(path.base, form("x"), formType("x")).answer;
  expect(status).toBe(503);
  expect(JSON.parse(text).error.code).toBe("record_unavailable");
  expect(path.received()).toBe(0);
});

const later = (said: Partial<Verdict>) => ({
  policyLater: () => ({ hash: "1", evaluate: () => ({ ...verdict, ...said }) }),
});

test("what the policy denies by the time of the answer is refused, for its reason", async () => {
  const { path, desk, opened, bodies } = await start(
    60_000,
    later({ effect: "deny", rule: "freeze", reason: "nothing is written today" }),
  );
  const first = opened();
  const { answer } = post(path.base, '{"name":"plans"}');
  await desk.approve((await first).id, yes);
  const { status, text } = await answer;
  expect(status).toBe(400);
  expect(JSON.parse(text).error).toMatchObject({ code: "policy_denied" });
  expect(text).toContain("nothing is written today");
  expect(bodies).toEqual([]);
});

test("a rule that asks only since an edit is asked about; one that allows now lets it go", async () => {
  let asks = 0;
  const edited = { ...writes, hash: "edited" };
  const { path, desk, opened, bodies } = await start(60_000, {
    policyLater() {
      asks += 1;
      const now: Partial<Verdict> = asks < 2 ? { origin: edited } : { effect: "allow" };
      return { hash: "1", evaluate: () => ({ ...verdict, ...now }) };
    },
  });
  let next = opened();
  const { answer } = post(path.base, '{"name":"plans"}');
  const first = await next;
  next = opened();
  await desk.approve(first.id, yes);
  const second = await next;
  expect(second.origin).toEqual(edited);
  expect(second.binding).not.toBe(first.binding);
  expect(bodies).toEqual([]);
  await desk.approve(second.id, yes);
  expect((await answer).status).toBe(200);
  expect(bodies).toHaveLength(1);
});
