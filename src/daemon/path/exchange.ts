/**
 * Exchange: a request and its reply on their way. A station is one step: it
 * takes the exchange and returns it with one more thing known; the types below
 * are the order, so the compiler rejects a station skipped or swapped.
 */
import type { Outcome } from "../../contract/outcome.js";
import type { Credential, CredentialSource } from "../credentials/source.js";
import type { Client } from "../doors/client.js";
import type { JsonReading } from "../formats/json/reading.js";
import type { SessionMasking } from "../masking/masking.js";
import type { CallingProcess } from "../model/calling-process.js";
import type { Connection } from "../model/connection.js";
import type { Decision } from "../model/decision.js";
import type { FindingCount } from "../model/masking-terms.js";
import type { Operation } from "../model/operation.js";
import type { PromptPiece } from "../model/prompt.js";
import type { RefusalCode } from "../model/refusal.js";
import type { BodyFlow, ReplyFlow, ReplyHead } from "../model/reply.js";
import type { Secret } from "../model/secret.js";
import type { Session } from "../model/session.js";
import type { Ending, Frame, TokenUsage } from "../model/transcript.js";
import type { Policy, PolicyInput } from "../policy/policy.js";
import type { Provider, RequestHead } from "../providers/provider.js";
import type { Durable } from "../store/group-commit.js";
import type { Opening } from "../store/store.js";
import type { UpstreamTransport } from "../upstream/transport.js";
import type { ExpectedTokens } from "./request/expected-tokens.js";
import type { RecentBeginning } from "./request/recent-bodies.js";
import type { ShownRequest } from "./request/request-masking.js";
import type { Place } from "./running.js";

export type Station<In, Out> = (exchange: In) => Promise<Out> | Out;

/**
 * The exchange with more known of it. It is the same object, so code that has an
 * earlier view sees nothing but what its type names; nine copies of it would
 * cost 30 µs a request, a quarter of what a whole proxy does.
 */
export function advance<In extends object, const More extends object>(
  exchange: In,
  more: More,
): In & More {
  return Object.assign(exchange, more);
}

/**
 * Room for all that stations add, there from the beginning: an object that
 * grows by so many members becomes a hash table in V8, and each look at it
 * costs several times as much. Code that names another member finds it missing
 * in `accept`.
 */
export type Room = {
  readonly [Member in Exclude<keyof Recorded, keyof Begun>]-?: undefined;
};

/** The store's transcripts, as stations write them; those who watch learn of each durable write. */
export interface Ledger {
  open(opening: Opening): Promise<void>;
  append(key: bigint, frame: Frame, durable: Durable): void;
  close(key: bigint, ending: Ending, durable: Durable): void;
}

export interface Begun {
  readonly key: bigint;
  readonly id: string;
  readonly startedAt: Date;
  /** Microseconds since the exchange began, monotonic. */
  readonly elapsed: () => number;
  readonly method: string;
  readonly connectionName: string;
  /** As the upstream has it: without the query. */
  readonly path: string;
  /** Query without its question mark; empty where there is none. */
  readonly query: string;
  /** Names and values in turn, as they came. */
  readonly headers: readonly string[];
  /** Value of one header by its lower-case name; the first where there are several. */
  readonly header: (name: string) => string | undefined;
  /** Reads the body, once; refuses what is over the limit or too slow. */
  readonly readBody: () => Promise<Buffer>;
  /** Counts so many bytes beside the body, for what it becomes; false where all bodies together leave no room. */
  readonly holdBody: (more: number) => boolean;
  /** Aborts when the client left or the daemon stops: everything that waits, waits on it. */
  readonly signal: AbortSignal;
  /** Where the reply goes; only reply and refuse send to it. */
  readonly client: Client;
  /** Its place among the exchanges under way. */
  readonly place: Place;
}

export interface Accepted extends Begun {
  readonly accepted: true;
}

export interface Authenticated extends Accepted {
  readonly session: Session;
  /** Who opened the socket; null where the system cannot tell. */
  readonly process: CallingProcess | null;
  /** Place in the session, from 1. */
  readonly seq: number;
  readonly connection: Connection;
  readonly provider: Provider;
  /** Aborts when the session ends, expires or is revoked. */
  readonly over: AbortSignal;
  /** The token as the client sent it, to be kept out of the transcript. */
  readonly token: Secret;
}

export interface Seated extends Authenticated {
  readonly seated: true;
}

export interface Classified extends Seated {
  readonly head: RequestHead;
  readonly body: Buffer;
  /** The body unpacked, for looking at. */
  readonly readable: Buffer;
  /** It was read as its content-type says. */
  readonly parsed: boolean;
  readonly operation: Operation;
  /** All text the model will read, in the request's order; walked when first asked for. */
  readonly prompt: () => Iterable<PromptPiece>;
  /** The most tokens that its reply may have, as the request says; null where it says nothing. */
  readonly mostOutput: number | null;
  /** What was read of a body that is JSON, and the earlier one of the session that it was read on from. */
  readonly reading: JsonReading | undefined;
  readonly beginning: RecentBeginning | undefined;
}

/** Where a request goes, and with which credentials. */
export interface Route {
  readonly transport: UpstreamTransport;
  readonly source: CredentialSource;
  /** The request leaves for an upstream: it costs, and a person can be asked whether it may. */
  readonly leaves: boolean;
}

export interface Routed extends Classified {
  readonly route: Route;
}

export interface Decided extends Routed {
  readonly decision: Decision;
  /** What its tokens are expected to be at most. */
  readonly expected: ExpectedTokens;
  /** How its review let it through; absent where there was none. */
  readonly settled?: "granted" | "approved";
  /** Of the reply's tool calls that were ruled on, the outcome that says most. */
  readonly calls?: Outcome;
  /** The request as the record has it. */
  readonly shown: ShownRequest;
  /** What is to be hidden in this session, and how. */
  readonly masking: SessionMasking;
  /** What decided, and what it was asked: the reply's tool calls are held to the same. */
  readonly policy: Policy;
  readonly policyInput: PolicyInput;
  /** What a mark stands for that replaced a secret of the request; absent where none was replaced. */
  readonly restore?: (mark: string) => string;
}

/** Every decision that is not an allow has a grant behind it from here on. */
export interface Approved extends Decided {
  readonly approved: true;
  /** It was handed to the upstream's connection; absent until then. */
  readonly sent?: true;
}

/** Beside the exchange, not in it: the credential ends with `forward`, and nothing later can hold it. */
export interface Injected {
  readonly exchange: Approved;
  readonly credential: Credential;
  /** Another in its place, once the upstream has refused it; the same where there is no other. */
  readonly renew: () => Promise<Credential>;
}

export interface Forwarded extends Approved {
  /** Texts that must not reach the client or the transcript. */
  readonly sensitive: readonly string[];
  readonly replyHead: ReplyHead;
  readonly flow: BodyFlow;
  /** May a rule speak of tool calls in the reply? */
  readonly watched: boolean;
}

/** What is to be read of the reply is not compressed. */
export interface Decoded extends Forwarded {
  readonly decoded: true;
}

export interface Masked extends Decoded {
  /** Why the reply's stream was ended with an error of ours; null where it was not, or not yet. */
  readonly stopped: () => RefusalCode | null;
  /** Counts what was hidden so far, by detector. */
  readonly findings: () => readonly FindingCount[];
}

export interface Gated extends Masked {
  readonly gated: true;
  /** Tokens of a reply that was withheld. They count against the budget. */
  readonly metered?: TokenUsage | null;
}

export interface Recorded extends Gated {
  /** The reply as `reply` may deliver it. */
  readonly reply: ReplyFlow;
}
