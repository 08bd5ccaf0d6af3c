import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { Secret } from "../../../src/daemon/model/secret.js";
import { createWebhook, type WebhookOptions } from "../../../src/daemon/reviews/webhook.js";

type Call = Parameters<WebhookOptions["post"]>[1];

function room(statuses: readonly (number | Error)[], waits = [1, 1, 1]) {
  const calls: Call[] = [];
  const warnings: object[] = [];
  const over = new AbortController();
  let wake: () => void = () => {};
  const settled = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const send = createWebhook({
    url: "https://chat.example/hook?channel=7",
    secret: async () => new Secret("whisper"),
    async post(_url, init) {
      calls.push(init);
      const status = statuses[calls.length - 1] ?? 200;
      if (typeof status !== "number") throw status;
      if (status < 300) setImmediate(wake);
      return { status };
    },
    now: () => new Date(1_700_000_000_999),
    waits,
    warn(_message, detail) {
      warnings.push(detail);
      wake();
    },
    over: over.signal,
  });
  return { send, calls, warnings, settled, over };
}

test("a delivery is signed over its time and body", async () => {
  const { send, calls, settled } = room([]);
  send("review.opened", { type: "review.opened", review: { id: "rev_1" } });
  await settled;
  const [call] = calls;
  const expected = createHmac("sha256", "whisper").update(`1700000000.${call?.body}`).digest("hex");
  expect(call?.headers).toMatchObject({
    "x-hoopx-event": "review.opened",
    "x-hoopx-signature": `t=1700000000,v1=${expected}`,
    "content-type": "application/json",
  });
  expect(JSON.parse(call?.body ?? "")).toMatchObject({ review: { id: "rev_1" } });
  expect(JSON.stringify(calls)).not.toContain("whisper");
});

test("what fails is tried again, as the same delivery", async () => {
  const { send, calls, settled, warnings } = room([503, new Error("reset"), 302, 204]);
  send("review.changed", {});
  await settled;
  expect(calls).toHaveLength(4);
  expect(new Set(calls.map(({ headers }) => headers["x-hoopx-delivery"])).size).toBe(1);
  expect(warnings).toEqual([]);
});

test("a webhook that stays away is given up and said, without the address's query", async () => {
  const { send, calls, settled, warnings } = room([500, 500, 500, 500]);
  send("review.opened", {});
  await settled;
  expect(calls).toHaveLength(4);
  expect(warnings).toEqual([
    { host: "chat.example", type: "review.opened", why: "it answered 500" },
  ]);
});

test("more than it can take is left out, and said", () => {
  const { send, warnings, over } = room(Array(999).fill(500), [60_000]);
  for (let each = 0; each < 300; each += 1) send("review.opened", {});
  expect(warnings).toHaveLength(44);
  over.abort(new Error("over"));
});
