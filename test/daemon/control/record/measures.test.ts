import { expect, test } from "vitest";
import { createMeasures } from "../../../../src/daemon/control/record/measures.js";
import { openStore } from "../../../../src/daemon/store/sqlite-store.js";
import { close, endingOf, frameOf, openingOf, sessionOf } from "../../../contracts/records.js";

const key = BigInt(Date.now()) << 22n;
type Ending = Parameters<typeof endingOf>[0];

async function room(price: number | null = 2) {
  const store = await openStore({ file: ":memory:", warn: () => {} });
  const session = sessionOf();
  await store.sessions.add(session);
  const measures = createMeasures({
    store,
    costOf: (_, { output }) => (price === null ? null : output * price),
  });
  let seq = 0;
  return {
    async put(body: string, ending: Ending = {}, head = "") {
      seq += 1;
      const frames = [
        frameOf("request-head", 1, `POST /openai/v1/responses HTTP/1.1\r\n${head}\r\n`),
        frameOf("request-body", 2, body),
      ];
      const requestBytes = body.length;
      const own = key + BigInt(seq);
      await store.transcripts.open(
        openingOf(own, { sessionId: session.id, seq, frames, requestBytes }),
      );
      await close(store, own, endingOf(ending));
    },
    exchanges: async () => measures.exchanges(await store.exchanges.ofSession(session.id)),
    session: async () => (await measures.sessions([session]))[0],
  };
}

test("cost and pace of an exchange and its session", async () => {
  const { put, exchanges, session } = await room();
  await put("a", { firstByteAt: 500_000, endedAt: 2_500_000, tokens: { input: 9, output: 50 } });
  await put("b", { tokens: null, error: "policy_denied", firstByteAt: null });
  // All at once: it was made before its first byte.
  await put("c", { firstByteAt: 999_990, endedAt: 1_000_000, tokens: { input: 1, output: 10 } });
  expect(await exchanges()).toMatchObject([
    { cost: 100, tokensPerSecond: 25, retryOf: null, retries: 0 },
    { cost: null, tokensPerSecond: null },
    { cost: 20, tokensPerSecond: 10 },
  ]);
  expect(await session()).toMatchObject({ cost: 120, counts: { exchanges: 3 } });
});

test("a price that is not known is no zero; what used nothing cost nothing", async () => {
  const { put, exchanges, session } = await room(null);
  await put("a", { tokens: { input: 0, output: 0 } });
  expect((await session())?.cost).toBe(0);
  await put("b", { tokens: { input: 1, output: 1 } });
  expect((await exchanges())[1]?.cost).toBeNull();
  expect((await session())?.cost).toBeNull();
});
