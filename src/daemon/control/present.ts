/**
 * Present: records become views. Each view is built from named fields, never
 * by spreading a record, so what is not listed here cannot cross to a client:
 * no token digest, no secret's name, no runner.
 */
import type {
  ConnectionView,
  ConversationView,
  ExchangeView,
  IdentityView,
  LogoutView,
  ReplyTurnView,
  SessionCredentialView,
  SessionView,
  TurnView,
  WhoamiView,
} from "../../contract/views.js";
import type { Connection } from "../model/connection.js";
import { exchangeIdOf } from "../model/exchange.js";
import type { Identity } from "../model/identity.js";
import type { Session, SessionCredential } from "../model/session.js";
import type { WhoIs } from "../oauth/oauth.js";
import type { SignedOut } from "../oauth/sign-out.js";
import type { ReplyTurn, Turn } from "../providers/provider.js";
import type { ExchangeRecord, SessionTotals } from "../store/store.js";

const nothingYet: SessionTotals = {
  exchanges: 0,
  allowed: 0,
  denied: 0,
  reviewed: 0,
  masked: 0,
  errors: 0,
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
    process: {
      pid: process.pid,
      command: process.command,
      cwd: process.cwd,
      host: process.host,
      user: process.user,
      git: process.git && {
        remote: process.git.remote,
        branch: process.git.branch,
        commit: process.git.commit,
      },
      ci: process.ci && {
        system: process.ci.system,
        job: process.ci.job,
        run: process.ci.run,
        url: process.ci.url,
      },
    },
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
    },
    tokens: { input: totals.tokens.input, output: totals.tokens.output },
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
export function presentSignedOut({ profile, identity, revoked, note }: SignedOut): LogoutView {
  return { profile, identity: identity && presentIdentity(identity), revoked, note };
}

function presentCredential(credential: SessionCredential): SessionCredentialView {
  const { connection, kind, lifetime, expiresAt } = credential;
  return { connection, kind, lifetime, expiresAt: expiresAt?.toISOString() ?? null };
}

/** An exchange, running or ended. */
export function presentExchange(record: ExchangeRecord): ExchangeView {
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
    operation: operation && {
      provider: operation.provider,
      action: operation.action,
      class: operation.class,
      method: operation.method,
      path: operation.path,
      model: operation.model,
      tools: operation.tools,
      stream: operation.stream,
    },
    decision: decision && {
      effect: decision.effect,
      rule: decision.rule,
      reason: decision.reason,
    },
    review: null,
    status: ending?.status ?? null,
    startedAt: record.startedAt.toISOString(),
    firstByteMs: ending?.firstByteAt == null ? null : milliseconds(ending.firstByteAt),
    durationMs: ending === null ? null : milliseconds(ending.endedAt),
    requestBytes: record.requestBytes,
    responseBytes: ending?.responseBytes ?? 0,
    masked: ending?.masked.map(({ detector, count }) => ({ detector, count })) ?? [],
    tokens: ending?.tokens ? { input: ending.tokens.input, output: ending.tokens.output } : null,
    error: ending?.error ?? null,
  };
}

/** A connection, without the secret's place. */
export function presentConnection(connection: Connection): ConnectionView {
  return {
    name: connection.name,
    provider: connection.provider,
    baseUrl: connection.origin + connection.basePath,
    credential: {
      kind: connection.credential.kind,
      lifetime: "permanent key",
      secretStore: connection.credential.secretStore,
    },
    allowPrivateNetwork: connection.allowPrivateNetwork,
    createdAt: connection.createdAt.toISOString(),
    rotatedAt: connection.rotatedAt?.toISOString() ?? null,
  };
}

/** One exchange as a conversation. */
export function presentConversation(
  record: ExchangeRecord,
  prompt: readonly Turn[],
  reply: readonly ReplyTurn[],
): ConversationView {
  return {
    exchange: presentExchange(record),
    prompt: prompt.map(presentTurn),
    reply: reply.map(presentReplyTurn),
    complete: record.ending !== null && record.ending.error === null,
  };
}

function presentTurn(turn: Turn): TurnView {
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

function milliseconds(microseconds: number): number {
  return microseconds / 1000;
}
