/** A session out of one record and into another, through the handlers, with stores of a test's own. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { ImportOutcome } from "../../../../src/contract/export-lines.js";
import type { ByteStream } from "../../../../src/daemon/control/handler.js";
import { createChainedLines } from "../../../../src/daemon/control/record/export-chain.js";
import { createExportHandlers } from "../../../../src/daemon/control/record/export-handlers.js";
import { createImportHandlers } from "../../../../src/daemon/control/record/import-handlers.js";
import type { Grant, Review } from "../../../../src/daemon/model/review.js";
import type { Session } from "../../../../src/daemon/model/session.js";
import { isSignedBy } from "../../../../src/daemon/store/signature.js";
import { openStore } from "../../../../src/daemon/store/sqlite-store.js";
import type { Store } from "../../../../src/daemon/store/store.js";
import {
  append,
  close,
  endingOf,
  frameOf,
  openingOf,
  sessionOf,
  start,
} from "../../../contracts/records.js";
import { actorWith } from "../../../support/actors.js";
import { newSigner } from "../../store/signer.js";
import { temporaryFolder } from "../../store/temporary-folder.js";

const warn = (message: string) => {
  throw new Error(`unexpected warning: ${message}`);
};
const now = () => new Date(start + 10_000);
const open = (file = ":memory:") => openStore({ file, warn, now: () => now().getTime() });
const key = BigInt(start) << 22n;
const signer = newSigner();
const problemOf = () => undefined;

let origin: Store;
let session: Session;

beforeEach(async () => {
  origin = await open();
  session = sessionOf();
  await filled(origin);
});

const ended = { status: "ended", endedAt: new Date(start + 5000), exitCode: 0 } as const;

/** A session with a streamed exchange, one of bytes that are no text, a review and its grant. */
async function filled(store: Store): Promise<void> {
  await store.sessions.add(session);
  for (const seq of [1, 2]) {
    const own = key + BigInt(seq);
    await store.transcripts.open(openingOf(own, { sessionId: session.id, seq }));
    await append(store, own, frameOf("reply-head", 30, "HTTP/1.1 200 OK\r\n\r\n"));
    await append(store, own, frameOf("reply-body", 40, "snow ☃, \u202e and \u0085\n"));
    await append(store, own, { kind: "reply-body", at: 50, data: Buffer.from([0xff, 0xfe, 0]) });
    const masked = [{ detector: "github-token", count: 1, place: "reply" as const }];
    await close(store, own, endingOf({ masked }));
  }
  const review = reviewOf("approved");
  await store.reviews.open({ ...review, status: "pending", grant: null });
  await store.reviews.settle(review, grant());
  await store.reviews.join(key + 2n, review.id);
  await store.sessions.end(session.id, ended);
}

function reviewOf(status: Review["status"]): Review {
  const { operation } = openingOf(key);
  if (operation === null) throw new Error("it has one");
  return {
    ...{ id: "rev_0000000000000001", sessionId: session.id, exchange: key + 1n, kind: "request" },
    ...{ status, connection: "openai", toolCall: null, identity: session.identity },
    operation: { ...operation, store: true },
    ...{ rule: "writes", reason: "because", binding: "b1", requestSha256: "ab".repeat(32) },
    ...{ origin: null, likeness: null },
    terms: {
      ...{ by: null, self: true, timeoutMs: 60_000, approvals: 1 },
      ...{ remember: { kind: "time", ms: 1 }, atMost: { kind: "session" } },
    },
    ...{ createdAt: new Date(start), expiresAt: new Date(start + 60_000) },
    approvals: [{ by: session.identity, at: new Date(start + 2), comment: "fine" }],
    ...{ decidedBy: session.identity, decidedAt: new Date(start + 2), comment: null },
    grant: "gra_0000000000000001",
  };
}

function grant(): Grant {
  return {
    ...{ id: "gra_0000000000000001", review: "rev_0000000000000001", rule: "writes" },
    ...{ scope: { kind: "time", ms: 3_600_000 }, sessionId: null, identity: session.identity },
    ...{ binding: "a4", createdAt: new Date(start), expiresAt: new Date(start + 3_600_000) },
    ...{ revokedAt: null, uses: 1 },
  };
}

const { signal } = new AbortController();
const call = { query: new URLSearchParams(), body: {}, actor: actorWith(), signal };

async function passed(stream: ByteStream, input: Iterable<Buffer>): Promise<string> {
  let text = "";
  async function* each() {
    yield* input;
  }
  await stream(each(), async (bytes) => {
    text += bytes.toString("utf8");
  });
  return text;
}

async function exported(store: Store, id = session.id, by = async () => signer): Promise<string> {
  const { sessionsExport } = createExportHandlers({ store, signer: by, now });
  return passed(await sessionsExport({ ...call, params: { id } }), []);
}

async function imported(store: Store, text: string, piece = 1 << 16): Promise<ImportOutcome> {
  const folder = join(temporaryFolder(), "spool");
  mkdirSync(folder, { recursive: true });
  const options = { store, folder, isSignedBy, signer: async () => signer, now, problemOf };
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += piece) pieces.push(bytes.subarray(at, at + piece));
  const stream = await createImportHandlers(options).sessionsImport({ ...call, params: {} });
  const outcome = JSON.parse(await passed(stream, pieces));
  expect(readdirSync(folder)).toEqual([]);
  return outcome;
}

async function refusal(text: string, store?: Store): Promise<string> {
  const fresh = store ?? (await open());
  const outcome = await imported(fresh, text);
  if (store === undefined) expect(await fresh.sessions.list({ limit: 9 })).toEqual([]);
  return "problem" in outcome ? outcome.problem.title : "it was taken";
}

/** The lines with something else in them, and all hashes right again; the seal as it says. */
function rewritten(text: string, change: (lines: Record<string, unknown>[]) => void): string {
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const { hash: _hash, ...rest } = JSON.parse(line);
      return rest as Record<string, unknown>;
    });
  change(lines);
  const chained = createChainedLines();
  return lines
    .map((line) => {
      const seal = line.line === "seal" ? { head: chained.head(), key: null, signature: null } : {};
      return `${chained.write({ ...line, ...seal })}\n`;
    })
    .join("");
}

test("what left comes in as it was, leaves again byte for byte, and verifies", async () => {
  const text = await exported(origin);
  expect(text).toMatch(/^[\n\u0020-\u007e]+$/);
  expect(text).not.toContain(Buffer.from(session.tokenDigest).toString("hex"));
  const store = await open();
  expect(await imported(store, text, 7)).toMatchObject({
    ...{ session: session.id, exchanges: 2, frames: 10, reviews: 1, grants: 1 },
    signedBy: { own: true },
  });
  expect(await exported(store, "last", async () => Promise.reject(new Error("locked")))).toBe(text);
  const [theirs, ours] = await Promise.all(
    [origin, store].map(async ({ sessions, exchanges, reviews }) => ({
      session: { ...(await sessions.find(session.id))[0], tokenDigest: null },
      exchanges: await exchanges.ofSession(session.id),
      frames: await exchanges.frames(key + 1n),
      request: await exchanges.requestFrames(key + 1n),
      reviews: await reviews.list({ limit: 9 }),
    })),
  );
  expect(ours).toEqual(theirs);
  expect((await store.record.verify()).problems).toEqual([]);
});

test("what it was permitted is not permitted here, what it used is not used here, its token opens nothing", async () => {
  const store = await open();
  await imported(store, await exported(origin));
  const wanted = {
    sessionId: session.id,
    identity: session.identity,
    binding: "b1",
    likeness: "a4",
  };
  expect(await origin.grants.speakingFor(wanted, now())).toHaveLength(1);
  expect(await store.grants.speakingFor(wanted, now())).toEqual([]);
  expect(await store.usage.since(new Date(start))).toEqual([]);
  const [found] = await store.sessions.find(session.id);
  expect(Buffer.from(found?.tokenDigest ?? [])).toEqual(Buffer.alloc(32));
});

test("an edit, a removal, an insertion, a move and a cut are refused, with the line", async () => {
  const text = await exported(origin);
  const lines = text.split("\n");
  for (const [at, line] of lines.slice(0, -1).entries()) {
    const middle = Math.floor(line.length / 3);
    const edited =
      line.slice(0, middle) + (line[middle] === "7" ? "8" : "7") + line.slice(middle + 1);
    expect(await refusal(lines.with(at, edited).join("\n"))).toMatch(
      new RegExp(`^line ${at + 1}: `),
    );
  }
  const second = lines[1] ?? "";
  expect(await refusal(lines.toSpliced(1, 1).join("\n"))).toMatch(/^line 2: /);
  expect(await refusal(lines.toSpliced(1, 0, second).join("\n"))).toMatch(/^line 3: /);
  expect(await refusal(lines.toSpliced(1, 2, lines[2] ?? "", second).join("\n"))).toMatch(
    /^line 2: /,
  );
  expect(await refusal(lines.slice(0, -2).join("\n"))).toMatch(/the end of the export is missing/);
  expect(await refusal(`${text}{}`)).toMatch(/something follows the seal/);
});

test("a file that is no export is not called an edited one: it says what is expected", async () => {
  const text = await exported(origin);
  const [first = "", second = ""] = text.split("\n");
  const expected = "this is not a session's export in the format jsonl";
  expect(await refusal("")).toBe(`${expected}: it is empty`);
  for (const other of [
    "hello",
    "# Session\n",
    '{"log":{"version":"1.2"}}\n',
    '{"line":"session"}',
  ]) {
    expect(await refusal(other)).toBe(`${expected}: its first line is not the first line of one`);
  }
  expect(await refusal(`${first}\nhello\n`)).toMatch(/^line 2: it is not a line of an export/);
  expect(await refusal(`${first}\n${second.replace("{", "{ ")}\n`)).toMatch(/^line 2: .*edited$/);
});

test("a record whose hashes were all made again has no signature, and what cannot be is refused all the same", async () => {
  const text = await exported(origin);
  const unsigned = rewritten(text, () => {});
  const outcome = await imported(await open(), unsigned);
  expect(outcome).toMatchObject({ session: session.id, signedBy: null });

  const stolen = text.split("\n").at(-2) ?? "";
  const { key: publicKey, signature } = JSON.parse(stolen);
  const forged = unsigned
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const chained = createChainedLines();
  const signed = forged
    .map(({ hash: _hash, ...line }) => {
      const { at = "" } = line;
      const more =
        line.line === "seal" ? { at: at.replace("2026", "2025"), key: publicKey, signature } : {};
      return chained.write({ ...line, ...more });
    })
    .join("\n");
  expect(await refusal(signed)).toMatch(/not signed by the key that it names/);

  const cases: readonly (readonly [RegExp, (lines: Record<string, unknown>[]) => void])[] = [
    [/not over/, ([first]) => Object.assign(first ?? {}, { status: "active" })],
    [/no field token/, ([first]) => Object.assign(first ?? {}, { token: "x" })],
    [/from the future/, (lines) => rename(lines, "exc_zzzzzzzzzzzzz".replace("zz", "7z"))],
    [/has no ending/, (lines) => void lines.splice(at(lines, "ending"), 1)],
    [
      /either text or base64/,
      (lines) => Object.assign(lines[at(lines, "frame")] ?? {}, { base64: "" }),
    ],
    [
      /is not settled/,
      (lines) => Object.assign(lines[at(lines, "review")] ?? {}, { status: "pending" }),
    ],
    [/a review is missing|is not here/, (lines) => void lines.splice(at(lines, "review"), 1)],
    [/not over when/, (lines) => Object.assign(lines.at(-1) ?? {}, { partial: true })],
    [/taken out or put in/, (lines) => Object.assign(lines.at(-1) ?? {}, { frames: 3 })],
    [/not written as an export is/, (lines) => void lines.splice(0, 1, backwards(lines[0] ?? {}))],
    [/a second session/, (lines) => void lines.splice(1, 0, lines[0] ?? {})],
  ];
  for (const [why, change] of cases) expect(await refusal(rewritten(text, change))).toMatch(why);
});

const at = (lines: readonly Record<string, unknown>[], line: string) =>
  lines.findIndex((each) => each.line === line);

function rename(lines: Record<string, unknown>[], id: string): void {
  const first = lines.find(({ line }) => line === "exchange");
  if (first !== undefined) first.id = id;
}

function backwards(line: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(line).reverse());
}

test("what is there already is left alone", async () => {
  const text = await exported(origin);
  expect(await refusal(text, origin)).toBe(`session ${session.id} is in the record already`);
  const store = await open();
  await store.transcripts.record(openingOf(key + 2n), [], endingOf());
  expect(await refusal(text, store)).toMatch(/one of its exchanges is another session's/);
  expect(await store.sessions.find(session.id)).toEqual([]);
});

test("an import that was cut off is finished by the same file, and is no export before", async () => {
  const text = await exported(origin);
  const store = await open();
  let left = 1;
  const failing: Store = {
    ...store,
    transcripts: {
      ...store.transcripts,
      record: async (...args) => {
        left -= 1;
        if (left < 0) throw new Error("the disk is full");
        await store.transcripts.record(...args);
      },
    },
  };
  await expect(imported(failing, text)).rejects.toThrow("the disk is full");
  await expect(exported(store)).rejects.toThrow("was cut off");
  expect((await store.record.verify()).problems).toEqual([]);
  expect(await imported(store, text)).toMatchObject({ exchanges: 2 });
  expect(await exported(store)).toBe(text);
  expect((await store.record.verify()).problems).toEqual([]);
});

test("a record that took one in goes on after a restart, and prunes it like any other", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const text = await exported(origin);
  const store = await open(file);
  const later = sessionOf({ startedAt: new Date(start + 9000) });
  await store.sessions.add(later);
  const own = (BigInt(start + 9000) << 22n) + 1n;
  await store.transcripts.record(openingOf(own, { sessionId: later.id }), [], endingOf());
  await store.close();
  const again = await open(file);
  await imported(again, text);
  await again.close();
  const last = await open(file);
  expect((await last.record.verify()).problems).toEqual([]);
  const pruned = await last.record.prune(new Date(start + 6000), signer);
  expect(pruned).toMatchObject({ sessions: 1, exchanges: 2 });
  const report = await last.record.verify({ trusted: signer.publicKey });
  expect(report.problems).toEqual([]);
  expect(await imported(last, text)).toMatchObject({ session: session.id });
  await last.close();
});

test("a session that runs is exported as far as it is; what was changed after an import is not at all", async () => {
  await origin.sessions.add(sessionOf({ id: "ses_1111111111111111" }));
  const text = await exported(origin, "ses_1111111111111111", () =>
    Promise.reject(new Error("no")),
  );
  expect(JSON.parse(text.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({
    ...{ partial: true, key: null, signature: null },
  });
  expect(await refusal(text)).toMatch(/line 1: the session is not over/);

  const store = await open();
  await imported(store, await exported(origin));
  await store.sessions.end(session.id, { ...ended, exitCode: 1 });
  await expect(exported(store)).rejects.toThrow("not as it was imported");
});

test("a file is looked through where only its owner reads it", async () => {
  // The folder is the daemon's own; a file that cannot be made there is no import.
  const folder = join(temporaryFolder(), "file");
  writeFileSync(folder, "");
  const store = await open();
  const options = { store, folder, isSignedBy, signer: async () => signer, now, problemOf };
  const stream = await createImportHandlers(options).sessionsImport({ ...call, params: {} });
  await expect(passed(stream, [])).rejects.toThrow("ENOTDIR");
});
