/**
 * Session: one run of an agent under one identity. Its token is 256 bits,
 * shown to nobody, and kept only as a SHA-256.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Identity } from "./identity.js";
import { Secret } from "./secret.js";

/** `ses_` and 16 letters. */
export type SessionId = string;

export type SessionStatus = "active" | "ended" | "revoked" | "expired";

export interface SessionProcess {
  /** Process id of the child; null until it was started. */
  readonly pid: number | null;
  /** `hoopx run` itself. */
  readonly runnerPid: number;
  /** Start time of the runner as the kernel counts it, to tell a reused pid; null where unknown. */
  readonly runnerStart: string | null;
  readonly command: string;
  readonly cwd: string;
  readonly host: string;
  readonly user: string;
}

export interface Session {
  readonly id: SessionId;
  /** SHA-256 of the session token, 32 bytes. */
  readonly tokenDigest: Uint8Array;
  readonly title: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly identity: Identity;
  readonly process: SessionProcess;
  /** Names of the connections it may use. */
  readonly connections: readonly string[];
  readonly startedAt: Date;
  readonly expiresAt: Date;
  /** SHA-256 of the policy in force at its start, hex. */
  readonly policyHash: string;
  readonly status: SessionStatus;
  readonly endedAt: Date | null;
  readonly exitCode: number | null;
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** A new session id: 80 random bits. */
export function newSessionId(): SessionId {
  let id = "ses_";
  for (const byte of randomBytes(16)) id += alphabet[byte % 32];
  return id;
}

/** A new session token: `hxs_` and 256 random bits in base64url. */
export function newSessionToken(): Secret {
  return new Secret(`hxs_${randomBytes(32).toString("base64url")}`);
}

/** What is kept of a token, and by what it is found. */
export function tokenDigest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
