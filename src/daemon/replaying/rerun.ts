/**
 * Rerun: one session that runs against the record of another. It says what
 * each request is answered with, and keeps count of what was asked, what was
 * not, and what was not asked for then.
 */
import { connectionTestReason } from "../model/decision.js";
import { exchangeIdOf } from "../model/exchange.js";
import { outcomeOfCode } from "../model/refusal.js";
import type { Session } from "../model/session.js";
import { inTurns } from "../model/turns.js";
import type { ExchangeLog, ExchangeRecord } from "../store/store.js";
import type { UpstreamTransport } from "../upstream/transport.js";
import { type Difference, differenceLine } from "./difference.js";
import { withTexts } from "./json.js";
import { type Candidate, type Form, formOf, matchOf, nearestTo } from "./matching.js";
import { createNormalise, type NormaliseOptions, ruleNames } from "./normalise.js";
import { createRecordedTransport, type Pace } from "./recorded-transport.js";

/** What is done with a request that is not in the record. */
export type OnMiss = "fail" | "live" | "nearest";

export interface RerunOptions extends NormaliseOptions {
  readonly of: Session;
  /** From this place of the session on requests go out; undefined: none does. */
  readonly from: number | undefined;
  readonly onMiss: OnMiss;
  readonly pace: Pace;
  /** Hides in a text of now what would be hidden in the record: differences are shown. */
  readonly mask: (text: string) => string;
}

/** A request of the re-run, as the path knows it. */
export interface AskedRequest {
  readonly seq: number;
  readonly connection: string;
  readonly action: string;
  readonly method: string;
  /** Path and query as the record has them. */
  readonly path: string;
  readonly body: Buffer;
}

export type Answer =
  | { readonly kind: "recorded"; readonly transport: UpstreamTransport }
  /** By its upstream, as any request. */
  | { readonly kind: "live" }
  /** One sentence on how it differs from the nearest. */
  | { readonly kind: "missed"; readonly why: string };

export interface Expected extends Candidate {
  readonly record: ExchangeRecord;
  asked: number;
  /** How often it was answered: less than `asked` where something stopped it before. */
  answered: number;
}

export interface Miss {
  /** Its place in the re-run. */
  readonly seq: number;
  readonly action: string;
  readonly nearest: Expected | undefined;
  readonly differences: readonly Difference[];
  readonly answeredBy: "nobody" | "upstream" | "nearest";
}

export interface Rerun {
  readonly options: RerunOptions;
  readonly expected: readonly Expected[];
  readonly misses: readonly Miss[];
  /** Requests that went out, and were meant to. */
  live(): number;
  /** Requests are answered in the order in which they ask, each in steps that let others run. */
  answer(request: AskedRequest): Promise<Answer>;
}

/** Misses whose difference is kept; an agent in a loop makes any number. */
const mostKept = 1000;
/** Differences that a message names. */
const mostNamed = 4;

/** Reads the record of a session, and creates the re-run of it. */
export async function loadRerun(
  options: RerunOptions,
  exchanges: Pick<ExchangeLog, "ofSession" | "frames">,
): Promise<Rerun> {
  const normalise = createNormalise(options);
  const precise = createNormalise({ ...options, exact: new Set([...options.exact, "ids"]) });
  const all = new Set(ruleNames);
  const address = createNormalise({
    exact: options.exact.has("ids") ? all : only("ids"),
    ignore: [],
  });

  function* form(
    { connection, method, path }: Omit<AskedRequest, "body" | "seq" | "action">,
    body: string,
  ): Generator<void, Form> {
    const target = yield* address(JSON.stringify(path));
    const operation = `${connection} ${method} ${target}`;
    return yield* formOf(operation, yield* normalise(body), yield* precise(body));
  }

  const expected: Expected[] = [];
  for (const record of await exchanges.ofSession(options.of.id)) {
    const { seq, operation, connection, ending } = record;
    if (options.from !== undefined && seq >= options.from) continue;
    if (record.decision?.reason === connectionTestReason) continue;
    // What was refused before a rule was asked had no answer of the upstream's, and no body is kept.
    if (record.decision === null) continue;
    if (operation === null || connection === null || ending?.status == null) continue;
    const frames = await exchanges.frames(record.key);
    const body = frames.filter(({ kind }) => kind === "request-body").map(({ data }) => data);
    const { method, path } = operation;
    const steps = form({ connection, method, path }, textOf(Buffer.concat(body)));
    const recorded = await inTurns(steps);
    expected.push({ record, form: recorded, asked: 0, answered: 0 });
  }
  const misses: Miss[] = [];
  let live = 0;

  function recorded(one: Expected): Answer {
    one.asked += 1;
    const { key, ending } = one.record;
    const transport = createRecordedTransport({
      frames: () => exchanges.frames(key),
      pace: options.pace,
      cut: ending?.error != null && outcomeOfCode(ending.error) === "cut",
      endedAt: ending?.endedAt ?? 0,
      sent: () => {
        one.answered += 1;
      },
    });
    return { kind: "recorded", transport };
  }

  function* missed(request: AskedRequest, now: Form): Generator<void, Answer> {
    const masked = yield* withTexts(now.body, options.mask);
    const nearest = yield* nearestTo(expected, { ...now, body: masked });
    const { onMiss } = options;
    const near = onMiss === "nearest" ? nearest?.item : undefined;
    const answeredBy = near ? "nearest" : onMiss === "live" ? "upstream" : "nobody";
    if (misses.length < mostKept) {
      const { seq, action } = request;
      const differences = nearest?.differences ?? [];
      misses.push({ seq, action, nearest: nearest?.item, differences, answeredBy });
    }
    if (near !== undefined) return recorded(near);
    if (onMiss === "live") return { kind: "live" };
    const what = `session ${options.of.id} has no recorded reply to this ${request.action}`;
    if (nearest === undefined) return { kind: "missed", why: `${what}, nor to any like it` };
    return { kind: "missed", why: `${what}; ${whatDiffers(nearest.item, nearest.differences)}` };
  }

  function* answerTo(request: AskedRequest): Generator<void, Answer> {
    if (options.from !== undefined && expected.every(({ asked }) => asked > 0)) {
      live += 1;
      return { kind: "live" };
    }
    const now = yield* form(request, textOf(request.body));
    const found = yield* matchOf(expected, now);
    return found === undefined ? yield* missed(request, now) : recorded(found);
  }

  // One at a time: of two that are alike the first gets the first reply.
  let before: Promise<unknown> = Promise.resolve();
  return {
    options,
    expected,
    misses,
    live: () => live,
    answer(request) {
      const answer = before.then(() => inTurns(answerTo(request)));
      before = answer.catch(() => {});
      return answer;
    },
  };

  function only(rule: (typeof ruleNames)[number]) {
    return new Set(ruleNames.filter((name) => name !== rule));
  }
}

/** What the nearest is, and what is other in it. */
function whatDiffers({ record }: Expected, differences: readonly Difference[]): string {
  const listed = differences.slice(0, mostNamed).map(differenceLine).join("; ");
  const more = differences.length - mostNamed;
  const rest = more > 0 ? `; and ${more} more` : "";
  return `nearest is exchange ${record.seq} (${exchangeIdOf(record.key)}): ${listed}${rest}`;
}

/** Bytes that are no text stay comparable as they are. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") ? bytes.toString("latin1") : text;
}
