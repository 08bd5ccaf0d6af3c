/**
 * Session: one run of an agent under one identity. Its token is 256 bits,
 * never shown, and kept only as a SHA-256.
 */
import { hash, randomBytes } from "node:crypto";
import type { Identity } from "./identity.js";
import { randomId } from "./random-id.js";
import { Secret } from "./secret.js";

/** `ses_` and 16 letters. */
export type SessionId = string;

export type SessionStatus = "active" | "ended" | "revoked" | "expired";

/** Where in which repository a run was started; what is not known is null. */
export interface GitFacts {
  /** URL of the remote, without any credential. */
  readonly remote: string | null;
  readonly branch: string | null;
  readonly commit: string | null;
}

/** The CI job that a run belongs to. */
export interface CiFacts {
  /** `github-actions`, `gitlab` … */
  readonly system: string;
  readonly job: string | null;
  readonly run: string | null;
  readonly url: string | null;
}

/** How a connection's credential was got when the session started, and how long it lives. */
export interface SessionCredential {
  readonly connection: string;
  readonly kind: string;
  /** `permanent key`, or `short-lived, 59 min`. */
  readonly lifetime: string;
  readonly expiresAt: Date | null;
}

/** Is a token held to its run's process tree, or can the system not tell (SECURITY L7)? */
export type ProcessCheck = "tree" | "unavailable";

export interface SessionProcess {
  /** Process id of the child; null until it was started. */
  readonly pid: number | null;
  /** Start time of the child as the kernel counts it; null where unknown. */
  readonly pidStart: string | null;
  /** `hoopx run` itself. */
  readonly runnerPid: number;
  /** Start time of the runner as the kernel counts it, to tell a reused pid; null where unknown. */
  readonly runnerStart: string | null;
  readonly command: string;
  readonly cwd: string;
  readonly host: string;
  readonly user: string;
  readonly git: GitFacts | null;
  readonly ci: CiFacts | null;
}

export interface Session {
  readonly id: SessionId;
  /** SHA-256 of the session token, 32 bytes. */
  readonly tokenDigest: Uint8Array;
  readonly title: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly identity: Identity;
  readonly process: SessionProcess;
  readonly processCheck: ProcessCheck;
  /** Names of the connections it may use. */
  readonly connections: readonly string[];
  readonly credentials: readonly SessionCredential[];
  readonly startedAt: Date;
  readonly expiresAt: Date;
  /** SHA-256 of the policy in force at its start, hex. */
  readonly policyHash: string;
  readonly status: SessionStatus;
  readonly endedAt: Date | null;
  readonly exitCode: number | null;
}

/** Label of a session that is a re-run: the id of the one whose record it runs against. Ours to set. */
export const replayLabel = "replay-of";

/** A new session id: 80 random bits. */
export function newSessionId(): SessionId {
  return randomId("ses");
}

const tokenForm = /hxs_[\w-]{43}/g;

/** The text without any session token, whose session may live: stars in its place. */
export function withoutSessionTokens(text: string): string {
  return text.replace(tokenForm, (token) => "*".repeat(token.length));
}

/** A new session token: `hxs_` and 256 random bits in base64url. */
export function newSessionToken(): Secret {
  return new Secret(`hxs_${randomBytes(32).toString("base64url")}`);
}

/** What is kept of a token, and by what it is found. */
export function tokenDigest(token: string): Buffer {
  // As hex and back: Node makes a text of it in any case, and this one costs a third.
  return Buffer.from(hash("sha256", token, "hex"), "hex");
}
