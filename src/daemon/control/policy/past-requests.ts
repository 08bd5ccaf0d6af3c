/**
 * Past requests: the record's exchanges as a policy would be asked about them
 * again. Each request is described again from its own bytes, as it was then;
 * one that cannot be (its session is gone, its body was never read) is said to
 * be so, and why.
 */

import type { BodyDecoders } from "../../formats/coding/body-encoding.js";
import type { Connection } from "../../model/connection.js";
import { connectionTestReason } from "../../model/decision.js";
import type { Operation } from "../../model/operation.js";
import type { ToolCall } from "../../model/review.js";
import type { Session } from "../../model/session.js";
import type { Frame } from "../../model/transcript.js";
import type { PolicyInput, Spent } from "../../policy/policy.js";
import type { Tally } from "../../policy/tally.js";
import type { PastRequest } from "../../policy/trial.js";
import type { Described, Provider, RequestHead } from "../../providers/provider.js";
import type { RecordedReply, RecordedRequest } from "../../providers/recorded-message.js";
import type { ReplyPiece } from "../../providers/tool-call-reader.js";
import type { ExchangeRecord, Store } from "../../store/store.js";
import { isDamaged } from "../record/damaged.js";

export interface PastRequestsOptions {
  readonly store: Pick<Store, "sessions" | "exchanges">;
  readonly providerNamed: (name: string) => Provider | undefined;
  readonly connectionNamed: (name: string) => Connection | undefined;
  /** The request among an exchange's frames. */
  readonly requestIn: (frames: readonly Frame[]) => RecordedRequest;
  /** The reply among them. */
  readonly replyIn: (frames: readonly Frame[]) => RecordedReply;
  /** Unpacks bodies as the data path does. */
  readonly decoderOf: BodyDecoders;
  readonly exchangeIdOf: (key: bigint) => string;
  /** Estimated, US dollars. */
  readonly costOf: (model: string | null, tokens: { input: number; output: number }) => number;
}

/** A request that cannot be read again. */
export interface Unread {
  readonly exchangeId: string;
  /** Lower case, no full stop. */
  readonly unread: string;
}

export interface PastRequests {
  /** Reads one again; `spent` is what was used before it. */
  read(record: ExchangeRecord, tally: Tally): Promise<PastRequest | Unread>;
  /** Counts what it used; `went`: whether it was let through, where that is not as it was then. */
  count(record: ExchangeRecord, tally: Tally, went?: boolean): Promise<void>;
  /** The record from a moment on, in the order it came. */
  since(moment: Date, signal: AbortSignal): AsyncGenerator<ExchangeRecord>;
}

/** Records that are read at once: some KB each. */
const page = 200;
/** Sessions kept at hand while their exchanges are read. */
const mostSessions = 500;

/** Creates the reader of the record. */
export function createPastRequests(options: PastRequestsOptions): PastRequests {
  const { store } = options;
  const sessions = new Map<string, Session | undefined>();

  async function sessionOf(id: string | null): Promise<Session | undefined> {
    if (id === null) return undefined;
    const known = sessions.get(id);
    // A session that goes on may have changed, but nothing that a policy asks about has.
    if (known !== undefined) return known;
    const found = (await store.sessions.find(id)).find((session) => session.id === id);
    sessions.set(id, found);
    const [oldest] = sessions.keys();
    if (sessions.size > mostSessions && oldest !== undefined) sessions.delete(oldest);
    return found;
  }

  async function read(record: ExchangeRecord, tally: Tally): Promise<PastRequest | Unread> {
    const exchangeId = options.exchangeIdOf(record.key);
    const unread = (why: string): Unread => ({ exchangeId, unread: why });
    const { operation, connection, decision } = record;
    if (isConnectionTest(record)) return unread("it is a test of a connection: no rule is asked");
    // Of what was refused before a rule was asked no body is kept.
    if (operation === null || connection === null || decision === null) {
      return unread("it was refused before a rule was asked");
    }
    if (record.sessionId === null) return unread("it belongs to no session");
    const provider = options.providerNamed(operation.provider);
    if (provider === undefined) return unread(`unknown provider ${operation.provider}`);
    const session = await sessionOf(record.sessionId);
    if (session === undefined) return unread("its session is not in the record");
    const frames = await store.exchanges.requestFrames(record.key).catch((error: unknown) => {
      if (isDamaged(error)) return undefined;
      throw error;
    });
    if (frames === undefined) return unread("its record is damaged");
    const again = await describeAgain(provider, connection, frames);
    if (again === undefined) return unread("its body cannot be read again");
    const spender = {
      session: session.id,
      identity: identityKey(session),
      at: record.startedAt,
    };
    const input: PolicyInput = {
      identity: session.identity,
      process: session.process,
      processCheck: session.processCheck,
      connection,
      operation: again.operation,
      requestBytes: record.requestBytes,
      now: record.startedAt,
      prompt: again.prompt,
      spent: (per) => tally.spent(spender, per),
    };
    return {
      exchangeId,
      decided: { effect: decision.effect, rule: decision.rule, reason: decision.reason },
      input,
      toolCalls: () => toolCallsOf(provider, record, operation),
    };
  }

  /** The same extractor that the data path used, on the same bytes. */
  async function describeAgain(
    provider: Provider,
    connection: string,
    frames: readonly Frame[],
  ): Promise<Pick<Described, "operation" | "prompt"> | undefined> {
    const request = options.requestIn(frames);
    const head = headOf(request, connection, basePathOf(provider, connection));
    const action = provider.recognise(head);
    try {
      const decode = options.decoderOf(request.contentEncoding || undefined);
      const body = decode === undefined ? request.body : await decode(request.body);
      if (action !== undefined) return await provider.describe(action, head, body);
      const prompt = () => provider.promptOfUnknown(head, body);
      return { operation: provider.describeUnknown(head), prompt };
    } catch {
      // Refused then too, or a token in its body that the record has starred out broke it.
      return undefined;
    }
  }

  function basePathOf(provider: Provider, connection: string): string {
    // Of a connection that is gone the provider's own is the best guess.
    const known = options.connectionNamed(connection);
    return known?.basePath ?? new URL(provider.defaultBaseUrl).pathname.replace(/\/$/, "");
  }

  /** Those that the gate saw, had it looked: read by the reader that it reads with. */
  async function toolCallsOf(
    provider: Provider,
    { key }: ExchangeRecord,
    operation: Operation,
  ): Promise<readonly ToolCall[]> {
    const { status, contentType, pieces } = options.replyIn(await store.exchanges.frames(key));
    if (status === null || status >= 400) return [];
    const calls: ToolCall[] = [];
    const keep = (read: readonly ReplyPiece[]) =>
      calls.push(...read.flatMap(({ whole }) => whole.map(({ call }) => call)));
    try {
      const reader = provider.openToolCalls(operation, contentType);
      if (reader === undefined) return [];
      for (const { data } of pieces) keep(reader.push(data));
      keep(reader.end());
    } catch {
      // Cut short, or in a form that could not be read on: what was whole before is there.
    }
    return calls;
  }

  return {
    read,

    async count(record, tally, went = wentThen(record)) {
      const session = went ? await sessionOf(record.sessionId) : undefined;
      if (session === undefined) return;
      const tokens = record.ending?.tokens ?? { input: 0, output: 0 };
      const used: Spent = {
        requests: 1,
        tokens: tokens.input + tokens.output,
        cost: options.costOf(record.operation?.model ?? null, tokens),
      };
      const at = record.startedAt;
      tally.add({ session: session.id, identity: identityKey(session), at }, used);
    },

    async *since(moment, signal) {
      // A key begins with its moment.
      let last = (BigInt(moment.getTime()) << 22n) - 1n;
      while (!signal.aborted) {
        const records = await store.exchanges.after(last, page);
        for (const record of records) {
          if (signal.aborted) return;
          yield record;
          last = record.key;
        }
        if (records.length < page) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** Is it a call of hoopx's own, which no rule is asked about? */
export function isConnectionTest({ decision }: ExchangeRecord): boolean {
  return decision?.reason === connectionTestReason;
}

/** What was held and then approved has tokens too. */
function wentThen({ decision, ending }: ExchangeRecord): boolean {
  return decision?.effect === "allow" || ending?.tokens != null;
}

const identityKey = ({ identity }: Session): string => `${identity.issuer}\n${identity.subject}`;

/** The recorded request line, below the connection's name, as the provider knows requests. */
function headOf(
  { method, target, contentType }: RecordedRequest,
  connection: string,
  basePath: string,
): RequestHead {
  const [path = "", ...query] = target.split("?");
  const fullPath = path.startsWith(`/${connection}/`) ? path.slice(connection.length + 1) : path;
  const inside = fullPath === basePath || fullPath.startsWith(`${basePath}/`);
  return {
    method,
    path: inside ? fullPath.slice(basePath.length) : "",
    fullPath,
    query: query.join("?"),
    contentType,
  };
}
