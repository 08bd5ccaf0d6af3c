/**
 * Imported: lines of an export as the records that they were. A session's
 * token is not among them: its digest becomes one that no token has.
 */
import type {
  EndingLine,
  ExchangeLine,
  ExportedDecision,
  FrameLine,
  ReviewLine,
  SessionLine,
} from "../../../contract/export-lines.js";
import type { Decision, RuleOrigin } from "../../model/decision.js";
import { exchangeKeyOf } from "../../model/exchange.js";
import type { Approval, Review } from "../../model/review.js";
import type { Session } from "../../model/session.js";
import type { Ending, Frame } from "../../model/transcript.js";
import type { Opening } from "../../store/store.js";

/** No SHA-256 that anybody knows an input of. */
const noDigest = Buffer.alloc(32);

export function importedSession(line: SessionLine): Session {
  const { pid, pidStart, runnerPid, runnerStart, command, cwd, host, user, git, ci } = line.process;
  return {
    id: line.id,
    tokenDigest: noDigest,
    title: line.title,
    labels: line.labels,
    identity: line.identity,
    process: { pid, pidStart, runnerPid, runnerStart, command, cwd, host, user, git, ci },
    processCheck: line.processCheck,
    connections: line.connections,
    credentials: line.credentials.map((credential) => ({
      ...credential,
      expiresAt: dateOf(credential.expiresAt),
    })),
    startedAt: new Date(line.startedAt),
    expiresAt: new Date(line.expiresAt),
    policyHash: line.policyHash,
    status: line.status,
    endedAt: dateOf(line.endedAt),
    exitCode: line.exitCode,
  };
}

/** The key of an id that was held to its form; throws for one beyond all keys. */
export function importedKey(id: string): bigint {
  const key = exchangeKeyOf(id);
  if (key === undefined) throw new Error(`${id} is not an exchange's id`);
  return key;
}

function importedDecision(line: ExportedDecision): Decision {
  const { effect, rule, layer, file = null, ruleHash: hash = "", reason, decidedAt } = line;
  return {
    ...{ effect, rule, reason, decidedAt: new Date(decidedAt) },
    ...(layer !== undefined && { origin: { layer: layer as RuleOrigin["layer"], file, hash } }),
  };
}

/** What leads its frames is the request, which is stored with it. */
export function importedOpening(
  sessionId: string,
  line: ExchangeLine,
  frames: readonly Frame[],
): Opening {
  const { process, decision } = line;
  return {
    key: importedKey(line.id),
    sessionId,
    seq: line.seq,
    connection: line.connection,
    process: process && { ...process, startedAt: new Date(process.startedAt) },
    startedAt: new Date(line.startedAt),
    operation: line.operation,
    decision: decision && importedDecision(decision),
    requestBytes: line.requestBytes,
    frames,
  };
}

export function importedFrame({ kind, at, text, base64 }: FrameLine): Frame {
  return {
    kind,
    at,
    data: Buffer.from(text ?? base64 ?? "", text === undefined ? "base64" : "utf8"),
  };
}

export function importedEnding(line: EndingLine): Ending {
  const { line: _line, exchange: _exchange, ...ending } = line;
  return ending;
}

export function importedReview(sessionId: string, given: ReviewLine): Review {
  const { line: _line, exchange, ...review } = given;
  return {
    ...review,
    sessionId,
    exchange: importedKey(exchange),
    // Its rule is another machine's: nothing here is like it.
    origin: null,
    likeness: null,
    createdAt: new Date(review.createdAt),
    expiresAt: new Date(review.expiresAt),
    approvals: review.approvals.map(
      (approval): Approval => ({
        ...approval,
        at: new Date(approval.at),
      }),
    ),
    decidedAt: dateOf(review.decidedAt),
  };
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
