/**
 * One word for how an exchange went, whoever tells it: requests that end in
 * each way are sent over the real path, and every command and export is held
 * to the same row.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { formats } from "../../src/cli/commands/sessions/export.js";
import type { LiveEvent } from "../../src/contract/events.js";
import type { MeasuredExchangeView } from "../../src/contract/measure-views.js";
import { outcomes } from "../../src/contract/outcome.js";
import type { ReviewView } from "../../src/contract/review-views.js";
import type { ConversationView, ExchangeView, SessionView } from "../../src/contract/views.js";
import type { ExchangeRecord } from "../../src/daemon/store/store.js";
import { runCli } from "../cli/support/run-cli.js";
import { append, close, endingOf, frameOf, openingOf } from "../contracts/records.js";
import { authorized, overToken } from "../support/data-path.js";
import { startRecordedPath } from "../support/recorded-path.js";
import { plainReply, type Row, rows, strangers } from "./outcome-rows.js";

const all = outcomes.flatMap((outcome) =>
  rows[outcome].map((row) => ({ outcome: outcomeOf(row), row })),
);
const folder = mkdtempSync(join(tmpdir(), "hoopx-outcomes-"));
const id = "ses_0000000000000000";
const colour = /\u001b\[[\d;]*m/g;
let recorded: Awaited<ReturnType<typeof startRecordedPath>>;
let running: Row | undefined;
let leave = () => {};
/** Lets go the request that stays. */
let release: (() => void) | undefined;
const stopTail = new AbortController();
let tails: Promise<readonly string[]>;

/** The first word of what is shown: a row may stand below the outcome that it leads to. */
function outcomeOf({ shown }: Row): string {
  return shown.split(" ", 1)[0] ?? "";
}

beforeAll(async () => {
  recorded = await startRecordedPath({
    home: folder,
    upstream: (_request, answer) => {
      if (running?.stays) release = () => plainReply(answer);
      else (running?.reply ?? plainReply)(answer, leave);
    },
    exchangesPerSession: 1,
    callerOf: () =>
      running?.outsider
        ? { inside: false, process: null, why: "from a test" }
        : { inside: true, process: null },
    policy: {
      evaluate: () => running?.verdict ?? { effect: "allow", rule: "all", reason: "allowed" },
      watchesToolCalls: () => running?.call !== undefined,
      evaluateToolCall: (_input, { name }) =>
        (name === "delete_file" ? running?.call : undefined) ?? {
          ...{ effect: "allow", rule: null, reason: "no rule speaks of it" },
        },
    },
    waiting: { processingEvery: 60_000, patience: 300 },
    gatePace: { headPatienceMs: 300, streamPatienceMs: 300 },
    asked: (review) => {
      if (running?.leaves === "at the review") leave();
      void running?.answer?.(recorded.desk, review);
    },
    desk: (desk) => ({ ask: (...asked) => (running?.desk ?? desk).ask(...asked) }),
  });
  tails = Promise.all(
    [["tail"], ["tail", "--json"]].map(async (argv) => {
      const { stdout } = await runCli(argv, { home: folder, interrupted: stopTail.signal });
      return stdout;
    }),
  );
  await vi.waitUntil(() => recorded.events.watched(), { timeout: 30_000 });
  await delay(100);
  const ended = async (found: Promise<readonly ExchangeRecord[]>, count: number) =>
    (await found).filter(({ ending }) => ending !== null).length === count;
  let staying: Promise<void> | undefined;
  for (const [place, { row }] of all.entries()) {
    running = row;
    const sent = send(row);
    if (row.stays) {
      staying = sent;
      await vi.waitUntil(() => release !== undefined, { timeout: 30_000 });
      continue;
    }
    await sent;
    const { exchanges } = recorded.store;
    const over = place + (staying === undefined ? 1 : 0);
    await vi
      .waitUntil(() => ended(exchanges.ofSession(id), over), { timeout: 30_000 })
      .catch(() => Promise.reject(new Error(`no ending: ${row.name}`)));
    release?.();
    release = undefined;
    await staying;
    await vi.waitUntil(() => ended(exchanges.ofSession(id), place + 1), { timeout: 30_000 });
    staying = undefined;
  }
  for (const [place, row] of strangers.entries()) {
    running = row;
    await send(row);
    await vi.waitUntil(() => ended(recorded.store.exchanges.ofNoSession(99), place + 1));
  }
  await delay(100);
  stopTail.abort();
  const end = { status: "ended", endedAt: new Date(), exitCode: 0 } as const;
  await recorded.store.sessions.end(id, end);
}, 90_000);
afterAll(async () => {
  await recorded.close();
  rmSync(folder, { recursive: true, force: true });
});

function headersOf(token: Row["token"]): Readonly<Record<string, string>> {
  if (token === undefined) return authorized;
  if (token === "none") return {};
  return { authorization: `Bearer ${token === "over" ? overToken : "sk-not-a-token-of-ours"}` };
}

/** Asks, and leaves where the row says so. */
async function send({ name, body, leaves, token, connection = "openai" }: Row): Promise<void> {
  const sent = request({
    ...{ port: recorded.path.port, path: `/${connection}/v1/responses`, method: "POST" },
    ...{ agent: false, headers: { ...headersOf(token), "content-type": "application/json" } },
  });
  leave = () => sent.destroy();
  sent.end(body ?? JSON.stringify({ model: "gpt-mock", stream: true, input: name }));
  await new Promise<void>((resolve) => {
    sent.on("error", () => resolve());
    sent.on("close", () => resolve());
    sent.on("response", (reply) => {
      let got = "";
      reply.on("data", (bytes: Buffer) => {
        got += bytes.toString();
        if (leaves === "the session") recorded.path.endSession();
        else if (leaves !== undefined && got.includes(leaves)) sent.destroy();
      });
      reply.on("error", () => resolve());
    });
  });
}

async function told(...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(argv, { home: folder });
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}
const lines = (text: string) => text.replace(/\n$/, "").split("\n");
const names = all.map(({ row }) => row.name);
/** Of each row by its name: a failure says which one. */
const each = <Value>(value: (row: Row, place: number) => Value) =>
  Object.fromEntries(all.map(({ row }, place) => [row.name, value(row, place)]));

test("each outcome of the closed list has a row that shows it", () => {
  expect(new Set(names).size).toBe(names.length);
  for (const outcome of outcomes) {
    expect(rows[outcome].map(outcomeOf), outcome).toContain(outcome);
  }
});

test("JSON: word, status and code; counts that add up", async () => {
  const session: SessionView & { readonly exchanges: readonly MeasuredExchangeView[] } = JSON.parse(
    await told("sessions", "show", id, "--json"),
  );
  const views = each((_, at) => {
    const { outcome, status, error } = session.exchanges[at] ?? {};
    return [outcome, status, error];
  });
  expect(views).toEqual(each((row) => [outcomeOf(row), row.status, row.error]));
  const sum = (counts: (row: Row) => boolean) => all.filter(({ row }) => counts(row)).length;
  const counted = (name: Row["counts"][number]) => sum((row) => row.counts.includes(name));
  expect(session.counts).toEqual({
    ...{ exchanges: all.length, masked: 0 },
    ...{ allowed: counted("allowed"), denied: counted("denied") },
    ...{ reviewed: counted("reviewed"), errors: counted("errors") },
    outcomes: Object.fromEntries(
      outcomes.map((word) => [word, sum((row) => outcomeOf(row) === word)]),
    ),
  });
  const [listed] = JSON.parse(await told("sessions", "--json"));
  expect(listed.counts).toEqual(session.counts);
  const shown = outcomes.map((word) => `${session.counts.outcomes[word]} ${word}`).join(", ");
  expect(await told("sessions", "show", id)).toContain(`${all.length}: ${shown}`);
});

test("sessions show, in a pipe and on a terminal", async () => {
  const table = lines(await told("sessions", "show", id)).slice(-all.length);
  expect(each((_, at) => table[at]?.split("\t")[4])).toEqual(each(({ shown }) => shown));
  const { stdout } = await runCli(["sessions", "show", id], { home: folder, columns: 500 });
  const screen = lines(stdout.replace(colour, ""));
  const below = (at: number) => {
    const line = screen.findIndex((text) => text.trimStart().startsWith(`${at + 1}  `));
    expect(screen[line]).toContain(`  ${all[at]?.row.shown}  `);
    const next = screen[line + 1] ?? "";
    return next.startsWith("   ") && !/^ *\d+ {2}/.test(next) ? next.trim() : null;
  };
  const why = each((row, at) => {
    const line = below(at);
    return row.why !== null && line?.startsWith(row.why) ? row.why : line;
  });
  expect(why).toEqual(each((row) => row.why));
});

test("who answered its review, and what they said, in every list", async () => {
  const grace = { issuer: "https://id.example", subject: "grace", email: "grace@example.com" };
  const by = { ...grace, groups: [], profile: null };
  const answer = ({ answered }: Row) =>
    answered === "denied"
      ? { outcome: "denied-by-reviewer", by, comment: "not today" }
      : answered && { outcome: "approved", by, comment: null };
  const views: readonly MeasuredExchangeView[] = JSON.parse(
    await told("sessions", "show", id, "--json"),
  ).exchanges;
  const shown = each((_, at) => {
    const given = views[at]?.answer;
    return given ? { outcome: given.outcome, by: given.by, comment: given.comment } : undefined;
  });
  expect(shown).toEqual(each(answer));
  const words = ({ answered }: Row) => {
    if (answered === undefined) return "";
    return answered === "denied"
      ? "denied by grace@example.com: not today"
      : "approved by grace@example.com";
  };
  const table = lines(await told("sessions", "show", id)).slice(-all.length);
  expect(each((_, at) => table[at]?.split("\t").at(-1))).toEqual(each(words));
});

test("the operation, however early it was refused", async () => {
  const action = ({ action: named = "responses.create" }: Row) => named;
  const table = lines(await told("sessions", "show", id)).slice(-all.length);
  expect(each((_, at) => table[at]?.split("\t")[1])).toEqual(each(action));
  const { exchanges } = JSON.parse(await told("sessions", "show", id, "--json"));
  const shown = each((_, at) => {
    const { operation } = exchanges[at] ?? {};
    return [operation?.method, operation?.path];
  });
  expect(shown).toEqual(
    each(({ connection }) => ["POST", `${connection ? `/${connection}` : ""}/v1/responses`]),
  );
});

test("requests of no session: sessions outside and tail, as lines and as JSON", async () => {
  const path = ({ connection }: Row) => `${connection ? `/${connection}` : ""}/v1/responses`;
  // Newest first.
  const wanted = strangers.toReversed();
  const views: readonly ExchangeView[] = JSON.parse(await told("sessions", "outside", "--json"));
  expect(
    views.map(({ outcome, status, error, operation }) => [outcome, status, error, operation?.path]),
  ).toEqual(wanted.map((row) => [outcomeOf(row), row.status, row.error, path(row)]));
  const table = lines(await told("sessions", "outside")).map((line) => line.split("\t"));
  expect(table.map((fields) => fields.slice(2, 4))).toEqual(
    wanted.map((row) => [`POST ${path(row)}`, row.shown]),
  );
  const [text = "", json = ""] = await tails;
  const fields = lines(text).map((line) => line.split("\t"));
  expect(
    fields.filter((parts) => parts[2] === "0").map((parts) => [parts[1], parts[4], parts[6]]),
  ).toEqual(strangers.map(({ action = "responses.create", shown }) => ["", action, shown]));
  const live = lines(json)
    .map((line): LiveEvent => JSON.parse(line))
    .flatMap((event) => (event.type === "exchange.ended" ? [event.exchange] : []))
    .filter(({ sessionId }) => sessionId === null);
  expect(live.map(({ id: exchange }) => exchange)).toEqual(
    views.map(({ id: exchange }) => exchange).toReversed(),
  );
});

test("tail, as lines and as JSON", async () => {
  const [text = "", json = ""] = await tails;
  const fields = lines(text).map((line) => line.split("\t"));
  const line = (at: number) => fields.find((parts) => parts[2] === String(at + 1));
  expect(each((_, at) => line(at)?.[6])).toEqual(each(({ shown }) => shown));
  const views = new Map<number, unknown>();
  for (const event of lines(json).map((each): LiveEvent => JSON.parse(each))) {
    if (event.type !== "exchange.ended") continue;
    const { seq, outcome, status, error, call } = event.exchange;
    views.set(seq, [outcome, status, error, call]);
  }
  const shown: { readonly exchanges: readonly MeasuredExchangeView[] } = JSON.parse(
    await told("sessions", "show", id, "--json"),
  );
  expect(each((_, at) => views.get(at + 1))).toEqual(
    each((_, at) => {
      const { outcome, status, error, call } = shown.exchanges[at] ?? {};
      return [outcome, status, error, call];
    }),
  );
});

test("replay, as text and as JSON", async () => {
  const transcript = await told("replay", id, "--instant");
  const parts = transcript.split(/^(?=#\d+ · )/m);
  const shown = (at: number) => {
    const part = parts.find((each) => each.startsWith(`#${at + 1} · `)) ?? "";
    const stop = /^ {2}✗ (.*)$/m.exec(part)?.[1] ?? null;
    return [lines(part)[0]?.split(" · ").at(-1), stop];
  };
  expect(each((_, at) => shown(at))).toEqual(each((row) => [row.shown, row.stop]));
  const views = lines(await told("replay", id, "--json")).map(
    (line): ConversationView => JSON.parse(line),
  );
  expect(each((_, at) => views[at]?.exchange.outcome)).toEqual(each(outcomeOf));
});

/** Each format's own way to say it. */
const exported: Readonly<Record<string, (text: string) => unknown>> = {
  har(text) {
    const { entries } = JSON.parse(text).log;
    return each((_, at) => {
      const { response, _hoopx: own } = entries[at];
      return [own.outcome, response.status === 0 ? null : response.status, own.error];
    });
  },
  otel(text) {
    const { spans } = JSON.parse(text).resourceSpans[0].scopeSpans[0];
    const attribute = (span: Span, name: string) =>
      Object.values(span.attributes.find(({ key }) => key === name)?.value ?? {})[0] ?? null;
    const calls = (spans as Span[]).filter((span) => attribute(span, "hoopx.exchange.id") !== null);
    return each((_, at) => {
      const span = calls[at];
      return (
        span && [
          attribute(span, "hoopx.outcome"),
          span.status.code ?? null,
          attribute(span, "error.type"),
        ]
      );
    });
  },
  jsonl(text) {
    const endings = lines(text)
      .map((line) => JSON.parse(line))
      .filter(({ line }) => line === "ending");
    return each((_, at) => {
      const { outcome, status, error } = endings[at] ?? {};
      return [outcome, status, error];
    });
  },
  markdown(text) {
    const parts = text.split(/^(?=## \d+ · )/m).slice(1);
    return each((_, at) => {
      const heading = lines(parts[at] ?? "")[0] ?? "";
      const stop = /^\*\*✗ (\S+)\*\*(?:, rule `([^`]+)`)?: `([^`]+)`$/m.exec(parts[at] ?? "");
      const [, word, rule, reason] = stop ?? [];
      const head = rule === undefined ? word : `${word}, rule ${rule}`;
      return [heading.split("`").at(-2), stop && `${head}: ${reason}`];
    });
  },
  html: (text) => each(({ shown, stop }) => [text.includes(shown) && shown, inPage(text, stop)]),
  asciicast(text) {
    const played = lines(text)
      .slice(1)
      .map((line) => JSON.parse(line)[2])
      .join("")
      .replace(colour, "");
    return each(({ shown, stop }) => [
      played.includes(` · ${shown}`) && shown,
      stop !== null && !played.includes(`✗ ${stop}`) ? undefined : stop,
    ]);
  },
};
interface Span {
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
  readonly status: { readonly code?: number };
}
/** The page has the head of a stop and its reason apart. */
function inPage(text: string, stop: string | null): string | null | undefined {
  if (stop === null) return null;
  const [head = "", reason = ""] = [
    stop.slice(0, stop.indexOf(": ")),
    stop.slice(stop.indexOf(": ") + 2),
  ];
  return text.includes(head) && text.includes(reason) ? stop : undefined;
}
const word = (row: Row) => [outcomeOf(row), row.status, row.error];
const shownAs = (row: Row) => [row.shown, row.stop];
const expected: Readonly<Record<string, (row: Row) => unknown>> = {
  ...{ har: word, jsonl: word, markdown: shownAs, html: shownAs, asciicast: shownAs },
  otel: (row) => [outcomeOf(row), row.errorType === null ? null : 2, row.errorType],
};

test.each(Object.keys(formats))("the export as %s", async (format) => {
  const text = await told("sessions", "export", id, "--format", format);
  const wanted = expected[format];
  if (wanted === undefined) throw new Error(`no row says what ${format} has to say`);
  expect(exported[format]?.(text)).toEqual(each(wanted));
});

test("a review has the outcome of the exchange that it settled", async () => {
  const exchanges = new Map<string, string | null>();
  const shown = JSON.parse(await told("sessions", "show", id, "--json"));
  for (const { id: exchange, outcome } of shown.exchanges) exchanges.set(exchange, outcome);
  const reviews: readonly ReviewView[] = JSON.parse(await told("reviews", "--json"));
  const settled = reviews.filter(({ outcome }) => outcome !== null);
  expect(new Set(settled.map(({ outcome }) => outcome))).toEqual(
    new Set(["approved", "denied-by-reviewer", "expired"]),
  );
  const words = lines(await told("reviews")).map((line) => line.split("\t").slice(0, 2));
  expect(words).toEqual(reviews.map(({ id, outcome }) => [id, outcome ?? "pending"]));
  const others = settled.filter(({ outcome, exchangeId }) => exchanges.get(exchangeId) !== outcome);
  // What was approved may fail all the same.
  expect(others.map(({ outcome, rule }) => [outcome, rule])).toEqual([["approved", "ask-again"]]);
});

test("a record from before outcomes were kept has them in every view too", async () => {
  const key = BigInt(Date.now()) << 22n;
  const old = await startRecordedPath({
    home: mkdtempSync(join(folder, "old-")),
    upstream: (_request, answer) => plainReply(answer),
  });
  onTestFinished(() => old.close());
  const call = { name: "delete_file", kind: "function", effect: "review", rule: "ask-first" };
  const frame = { ...call, reason: "a person decides", outcome: "delivered", review: null };
  await old.store.transcripts.open(openingOf(key, { sessionId: id }));
  await append(old.store, key, frameOf("tool-call", 30, JSON.stringify(frame)));
  await close(old.store, key);
  await old.store.transcripts.open(openingOf(key + 1n, { sessionId: id, seq: 2 }));
  await close(old.store, key + 1n, endingOf({ status: 502, error: "upstream_unreachable" }));
  const ask = async (...argv: readonly string[]) => {
    const { stdout } = await runCli(argv, { home: old.home });
    return JSON.parse(stdout);
  };
  const { exchanges } = await ask("sessions", "show", id, "--json");
  const { log } = await ask("sessions", "export", id, "--format", "har");
  const own = log.entries.map(({ _hoopx }: { readonly _hoopx: object }) => _hoopx);
  expect(exchanges).toMatchObject([{ outcome: "allowed" }, { outcome: "failed" }]);
  expect(own).toMatchObject([
    { outcome: "allowed", toolCalls: [{ outcome: "approved" }] },
    { outcome: "failed", toolCalls: [] },
  ]);
});
