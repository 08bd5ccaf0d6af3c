/** A session as the store has it, for tests to change one thing of. */
import { randomBytes } from "node:crypto";
import { newSessionId, type Session } from "../../../src/daemon/model/session.js";

export function sessionRecord(changes: Partial<Session>): Session {
  const startedAt = new Date();
  return {
    id: newSessionId(),
    tokenDigest: randomBytes(32),
    title: null,
    labels: {},
    identity: { issuer: "os:test", subject: "tester", email: null, groups: [], profile: null },
    process: {
      pid: null,
      pidStart: null,
      runnerPid: process.pid,
      runnerStart: null,
      command: "node agent.js",
      cwd: "/",
      host: "test",
      user: "tester",
      git: null,
      ci: null,
    },
    processCheck: "unavailable",
    connections: ["openai"],
    credentials: [],
    startedAt,
    expiresAt: new Date(startedAt.getTime() + 3_600_000),
    policyHash: "0",
    status: "active",
    endedAt: null,
    exitCode: null,
    ...changes,
  };
}
