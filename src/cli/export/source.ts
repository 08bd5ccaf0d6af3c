/**
 * Source: all that a format may ask of a session. Everything large is read as
 * it is written out; of an exchange's frames a format sees one exchange at a
 * time.
 */
import type {
  EndingLine,
  ExchangeLine,
  ExportLine,
  FrameLine,
} from "../../contract/export-lines.js";
import { callOutcome, type Outcome, type RecordedCall } from "../../contract/outcome.js";
import type { ReviewView } from "../../contract/review-views.js";
import type { ConversationView, ExchangeView, SessionView } from "../../contract/views.js";
import type { Client } from "../client.js";

/** What was decided on a tool call of a reply, as its frame says. */
export interface CallVerdict {
  readonly name: string;
  readonly outcome: Outcome;
  readonly rule: string | null;
  readonly reason: string;
  readonly review: string | null;
}

export interface RecordedExchange {
  readonly exchange: ExchangeLine;
  readonly frames: readonly FrameLine[];
  /** Null where it still runs. */
  readonly ending: EndingLine | null;
}

export interface ExportSource {
  readonly session: SessionView;
  /** Of hoopx. */
  readonly version: string;
  conversations(): AsyncIterable<ConversationView>;
  recorded(): AsyncIterable<RecordedExchange>;
  /** As every other view shows them. */
  exchanges(): Promise<readonly ExchangeView[]>;
  /** Oldest first. */
  reviews(): Promise<readonly ReviewView[]>;
  /** The export's own bytes. */
  bytes(): AsyncIterable<Buffer>;
}

export interface SourceOptions {
  readonly client: Pick<Client, "call" | "stream" | "pass">;
  readonly session: SessionView;
  readonly version: string;
  readonly signal: AbortSignal;
}

const mostReviews = 10_000;

/** Creates the source over the control API. */
export function createSource({ client, session, version, signal }: SourceOptions): ExportSource {
  const path = { id: session.id };
  const bytes = () => client.pass("sessionsExport", nothing(), { path, signal });
  return {
    ...{ session, version, bytes },
    conversations: () => client.stream("conversation", { path, signal }),
    recorded: () => recordedIn(bytes()),
    exchanges: () => client.call("exchangesList", { path }),
    async reviews() {
      const query = { session: session.id, limit: mostReviews };
      return [...(await client.call("reviewsList", { query }))].reverse();
    },
  };
}

/** Exchanges in the lines of an export. */
async function* recordedIn(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<RecordedExchange> {
  let exchange: ExchangeLine | undefined;
  let frames: FrameLine[] = [];
  let ending: EndingLine | null = null;
  for await (const line of linesIn(bytes)) {
    if (line.line === "frame") frames.push(line);
    else if (line.line === "ending") ending = line;
    else {
      if (exchange !== undefined) yield { exchange, frames, ending };
      exchange = line.line === "exchange" ? line : undefined;
      frames = [];
      ending = null;
    }
  }
}

async function* linesIn(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ExportLine> {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  for await (const chunk of bytes) {
    const lines = decoder.decode(chunk, { stream: true }).split("\n");
    for (const [at, piece] of lines.entries()) {
      rest.push(piece);
      if (at === lines.length - 1) continue;
      yield JSON.parse(rest.join("")) as ExportLine;
      rest = [];
    }
  }
}

/** The frames' bytes of these kinds, joined. */
export function bytesOf(frames: readonly FrameLine[], ...kinds: FrameLine["kind"][]): Buffer {
  const wanted = frames.filter(({ kind }) => kinds.includes(kind));
  return Buffer.concat(
    wanted.map(({ text, base64 }) =>
      text === undefined ? Buffer.from(base64 ?? "", "base64") : Buffer.from(text),
    ),
  );
}

/** What was decided on an exchange's tool calls. */
export function verdictsIn(frames: readonly FrameLine[]): readonly CallVerdict[] {
  return frames
    .filter(({ kind, text }) => kind === "tool-call" && text !== undefined)
    .map(({ text }) => JSON.parse(text ?? "") as CallVerdict & RecordedCall)
    .map((call) => ({ ...call, outcome: callOutcome(call) }));
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
