/**
 * Present: records become views. Each view is built from named fields, never
 * by spreading a record, so what is not listed here cannot cross to a client:
 * no token digest, no secret's name, no runner.
 */
import { isUtf8 } from "node:buffer";
import { credentialKinds } from "../../contract/credential-kinds.js";
import type { LogoutView, WhoamiView } from "../../contract/login-views.js";
import { type Outcome, outcomes } from "../../contract/outcome.js";
import type { CallView, FrameView } from "../../contract/record-views.js";
import type {
  AnswerView,
  ConnectionView,
  ConversationView,
  ExchangeView,
  IdentityView,
  OperationView,
  ProcessView,
  ReplyTurnView,
  SessionCredentialView,
  SessionView,
  TokensView,
  TurnView,
} from "../../contract/views.js";
import type { Credential } from "../credentials/source.js";
import type { Connection } from "../model/connection.js";
import { type CredentialConfig, storedSecretOf } from "../model/credential-config.js";
import { exchangeIdOf } from "../model/exchange.js";
import type { Identity } from "../model/identity.js";
import type { Operation } from "../model/operation.js";
import { exchangeOutcome, reviewOutcome } from "../model/outcome.js";
import type { Review } from "../model/review.js";
import type { Session, SessionCredential, SessionProcess } from "../model/session.js";
import type { Frame, TokenUsage } from "../model/transcript.js";
import type { WhoIs } from "../oauth/oauth.js";
import type { SignedOut } from "../oauth/sign-out.js";
import type { ReplyTurn, Turn } from "../providers/provider.js";
import type { ExchangeRecord, SessionTotals } from "../store/store.js";
import { lifetimeText } from "./access/lifetime.js";

const nothingYet: SessionTotals = {
  exchanges: 0,
  allowed: 0,
  denied: 0,
  reviewed: 0,
  masked: 0,
  errors: 0,
  outcomes: Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>,
  tokens: { input: 0, output: 0 },
};

/** A session with what it did so far. */
export function presentSession(session: Session, totals = nothingYet): SessionView {
  const { identity, process } = session;
  return {
    id: session.id,
    title: session.title,
    labels: session.labels,
    status: session.status,
    identity: presentIdentity(identity),
    process: presentProcess(process),
    processCheck: session.processCheck,
    connections: session.connections,
    credentials: session.credentials.map(presentCredential),
    startedAt: session.startedAt.toISOString(),
    endedAt: session.endedAt?.toISOString() ?? null,
    exitCode: session.exitCode,
    expiresAt: session.expiresAt.toISOString(),
    policyHash: session.policyHash,
    counts: {
      exchanges: totals.exchanges,
      allowed: totals.allowed,
      denied: totals.denied,
      reviewed: totals.reviewed,
      masked: totals.masked,
      errors: totals.errors,
      outcomes: totals.outcomes,
    },
    tokens: presentTokens(totals.tokens),
  };
}

/** Tokens, marked where a part of them is an estimate. */
export function presentTokens({ input, output, estimated }: TokenUsage): TokensView {
  return { input, output, ...(estimated && { estimated }) };
}

/** What runs it; nothing of the runner. */
export function presentProcess({
  pid,
  command,
  cwd,
  host,
  user,
  git,
  ci,
}: SessionProcess): ProcessView {
  return {
    pid,
    command,
    cwd,
    host,
    user,
    git: git && { remote: git.remote, branch: git.branch, commit: git.commit },
    ci: ci && { system: ci.system, job: ci.job, run: ci.run, url: ci.url },
  };
}

/** What a request means. */
export function presentOperation(operation: Operation): OperationView {
  return {
    provider: operation.provider,
    action: operation.action,
    class: operation.class,
    method: operation.method,
    path: operation.path,
    model: operation.model,
    tools: operation.tools,
    stream: operation.stream,
  };
}

/** Who acts. */
export function presentIdentity(identity: Identity): IdentityView {
  const { issuer, subject, email, groups, profile } = identity;
  return { issuer, subject, email, groups, profile };
}

/** A login, without any of its tokens. */
export function presentWhoIs({ login, kept, access, note }: WhoIs): WhoamiView {
  return {
    profile: login.profile,
    identity: presentIdentity(login.claimed.identity),
    name: login.claimed.name,
    clientId: login.settings.clientId,
    kind: login.upkeep.by === "proof" ? "workload" : "person",
    kept,
    expiresAt: access?.at.toISOString() ?? null,
    note,
  };
}

/** How a logout went. */
export function presentSignedOut(out: SignedOut): LogoutView {
  const { profile, identity, revoked, note, settingsKept } = out;
  return { profile, identity: identity && presentIdentity(identity), revoked, note, settingsKept };
}

function presentCredential(credential: SessionCredential): SessionCredentialView {
  const { connection, kind, lifetime, expiresAt } = credential;
  return { connection, kind, lifetime, expiresAt: expiresAt?.toISOString() ?? null };
}

/** How an exchange came to its outcome: the tool call that it is about, and the review. */
export interface ToldBy {
  readonly call?: CallView | null;
  readonly review?: Review | undefined;
}

/** An exchange, running or ended. */
export function presentExchange(
  record: ExchangeRecord,
  { call = null, review }: ToldBy = {},
): ExchangeView {
  const { operation, decision, ending, process } = record;
  return {
    id: exchangeIdOf(record.key),
    sessionId: record.sessionId,
    seq: record.seq,
    connection: record.connection,
    process: process && {
      pid: process.pid,
      executable: process.executable,
      startedAt: process.startedAt.toISOString(),
    },
    operation: operation && presentOperation(operation),
    decision: decision && {
      effect: decision.effect,
      rule: decision.rule,
      layer: decision.origin?.layer ?? null,
      file: decision.origin?.file ?? null,
      reason: decision.reason,
    },
    outcome: exchangeOutcome(record),
    call,
    review: record.review ?? call?.review ?? null,
    answer: review === undefined ? null : presentAnswer(review),
    status: ending?.status ?? null,
    startedAt: record.startedAt.toISOString(),
    firstByteMs: ending?.firstByteAt == null ? null : milliseconds(ending.firstByteAt),
    durationMs: ending === null ? null : milliseconds(ending.endedAt),
    requestBytes: record.requestBytes,
    responseBytes: ending?.responseBytes ?? 0,
    masked:
      ending?.masked.map(({ detector, count, place = "reply" }) => ({ detector, count, place })) ??
      [],
    tokens: ending?.tokens ? presentTokens(ending.tokens) : null,
    error: ending?.error ?? null,
  };
}

/** Of the review, and not of the exchange: a request that is sent again shares it, and may end otherwise. */
function presentAnswer(review: Review): AnswerView | null {
  const { decidedBy, decidedAt, comment } = review;
  const outcome = reviewOutcome(review);
  if (decidedBy === null || decidedAt === null) return null;
  if (outcome !== "approved" && outcome !== "denied-by-reviewer") return null;
  return { outcome, by: presentIdentity(decidedBy), at: decidedAt.toISOString(), comment };
}

/** A connection, without the secret's place; `known` is the short-lived credential it has now. */
export function presentConnection(
  connection: Connection,
  known: Credential | undefined,
  now: Date,
): Omit<ConnectionView, "default"> {
  return {
    name: connection.name,
    provider: connection.provider,
    baseUrl: connection.origin + connection.basePath,
    credential: {
      kind: connection.credential.kind,
      lifetime: lifetimeText(connection.credential.kind, known, now),
      expiresAt: known?.expiresAt?.toISOString() ?? null,
      secretStore: storedSecretOf(connection.credential)?.secretStore ?? null,
      settings: settingsOf(connection.credential),
    },
    allowPrivateNetwork: connection.allowPrivateNetwork,
    createdAt: connection.createdAt.toISOString(),
    rotatedAt: connection.rotatedAt?.toISOString() ?? null,
  };
}

/** The settings that the contract names, and nothing else that may be there. */
function settingsOf(config: CredentialConfig): Record<string, string> {
  const given: { readonly [name: string]: unknown } = { ...config };
  const { required, optional } = credentialKinds[config.kind];
  const shown: Record<string, string> = {};
  for (const name of [...required, ...optional]) {
    const value = given[name];
    if (typeof value === "string") shown[name] = value;
  }
  return shown;
}

/** One exchange as a conversation. */
export function presentConversation(
  exchange: ExchangeView,
  prompt: readonly Turn[],
  reply: readonly ReplyTurn[],
): ConversationView {
  return {
    exchange,
    prompt: prompt.map(presentTurn),
    reply: reply.map(presentReplyTurn),
    complete: exchange.durationMs !== null && exchange.error === null,
  };
}

/** A piece of a conversation. */
export function presentTurn(turn: Turn): TurnView {
  const { kind, text } = turn;
  const id = turn.id ?? null;
  if (kind === "message") return { kind, role: turn.role ?? "unknown", text };
  if (kind === "tool-call") return { kind, id, name: turn.name ?? "unknown", arguments: text };
  if (kind === "tool-result") return { kind, id, text };
  return { kind, text };
}

function presentReplyTurn(turn: ReplyTurn): ReplyTurnView {
  const deltas = turn.deltas.map(({ at, text }) => ({ at: milliseconds(at), text }));
  return { ...presentTurn(turn), deltas };
}

/** A frame as it was recorded. */
export function presentFrame({ kind, at, data }: Frame): FrameView {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  return isUtf8(bytes)
    ? { kind, at: milliseconds(at), text: bytes.toString(), base64: null }
    : { kind, at: milliseconds(at), text: null, base64: bytes.toString("base64") };
}

function milliseconds(microseconds: number): number {
  return microseconds / 1000;
}
