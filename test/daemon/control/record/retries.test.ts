import { expect, test } from "vitest";
import { findRetries } from "../../../../src/daemon/control/record/retries.js";
import type { ExchangeRecord } from "../../../../src/daemon/store/store.js";
import { endingOf, frameOf, openingOf } from "../../../contracts/records.js";

const start = Date.parse("2026-11-24T10:00:00.000Z");

interface Sent {
  readonly body?: string;
  readonly line?: string;
  /** The client's own count. */
  readonly said?: number;
  readonly status?: number | null;
  readonly error?: string;
  /** Milliseconds after the first, where it is not a second after the one before. */
  readonly at?: number;
  readonly takes?: number;
  readonly pid?: number;
  readonly undecided?: true;
}

/** Places of the exchanges that each is a retry of, from 1 on; null where it is none. */
async function retriesOf(...sent: readonly Sent[]) {
  const frames = new Map<bigint, ReturnType<typeof frameOf>[]>();
  const records = sent.map((each, index): ExchangeRecord => {
    const { body = "{}", line = "POST /openai/v1/responses HTTP/1.1", said, pid = 7 } = each;
    const key = BigInt(index + 1);
    const count = said === undefined ? "" : `X-Stainless-Retry-Count: ${said}\r\n`;
    const own = [frameOf("request-head", 1, `${line}\r\n${count}\r\n`)];
    if (each.undecided !== true) own.push(frameOf("request-body", 2, body));
    frames.set(key, own);
    const startedAt = new Date(start + (each.at ?? index * 1000));
    const opening = openingOf(key, {
      ...{ seq: index + 1, startedAt, requestBytes: each.undecided ? 0 : body.length },
      process: { pid, executable: "/usr/bin/node", startedAt: new Date(start) },
      ...(each.undecided && { decision: null }),
    });
    const ending = endingOf({
      status: each.status === undefined ? 500 : each.status,
      error: each.error ?? null,
      endedAt: (each.takes ?? 10) * 1000,
    });
    return { ...opening, review: null, ending } as unknown as ExchangeRecord;
  });
  const found = await findRetries(records, async (key) => frames.get(key) ?? []);
  return records.map(({ key }) => {
    const retry = found.get(key);
    return retry === undefined ? null : [Number(retry.of), retry.count];
  });
}

test("as the client counts them, or the same request after a failure", async () => {
  const counted = await retriesOf(
    { body: "same", said: 0 },
    { body: "same", said: 1, status: 503 },
    { body: "else", said: 0, status: 200 },
    { body: "same", said: 2, status: 200 },
    { body: "same", said: 0, status: 200 },
  );
  expect(counted).toEqual([null, [1, 1], null, [2, 2], null]);
  const silent = await retriesOf(
    { status: 429 },
    { status: null, error: "client_left" },
    { status: 200 },
    { status: 200 },
  );
  expect(silent).toEqual([null, [1, 1], [2, 2], null]);
});

test.each<[string, readonly Sent[]]>([
  [
    "the earlier one succeeded, whatever the client counts",
    [{ status: 200, said: 0 }, { said: 1 }],
  ],
  ["the earlier one was not over yet", [{ takes: 5_000 }, { at: 1_000 }]],
  ["another process sent it", [{ pid: 7 }, { pid: 8 }]],
  [
    "its query is another",
    [
      { line: "GET /openai/v1/files?after=a HTTP/1.1", body: "" },
      { line: "GET /openai/v1/files?after=b HTTP/1.1", body: "" },
    ],
  ],
  ["the client says that it is the first try", [{ said: 0 }, { said: 0 }]],
  ["a count is missing between the two", [{ said: 0 }, { said: 2 }]],
  [
    "no body is kept of what could not be read",
    [
      { undecided: true, status: 400, error: "body_unreadable" },
      { undecided: true, status: 400, error: "body_unreadable" },
    ],
  ],
])("no retry where %s", async (_, sent) => {
  expect(await retriesOf(...sent)).toEqual(sent.map(() => null));
});

test("two requests that are the same, under way at once: each retry is of one of them", async () => {
  expect(
    await retriesOf(
      { said: 0, at: 0, takes: 100 },
      { said: 0, at: 1, takes: 100 },
      { said: 1, at: 500 },
      { said: 1, at: 501 },
    ),
  ).toEqual([null, null, [1, 1], [2, 1]]);
});
