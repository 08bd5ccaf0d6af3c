/**
 * Probe record: a test of a connection is an upstream call with the real
 * credential, so it has a row like any other (SECURITY T3), written before
 * anything is sent. Asked for from inside a run, it stands in that run's
 * session; from outside, in none. What came back is not kept: hoopx reads it
 * only to say whether the connection works.
 */
import type { Connection } from "../../model/connection.js";
import { connectionTestReason } from "../../model/decision.js";
import type { Provider } from "../../providers/provider.js";
import type { TranscriptLog } from "../../store/store.js";
import type { Actor } from "../caller.js";

export interface ProbeRecordOptions {
  readonly transcripts: Pick<TranscriptLog, "open" | "append" | "close">;
  readonly nextKey: () => bigint;
  readonly now: () => Date;
}

export interface ProbeCall {
  readonly connection: Connection;
  readonly provider: Provider;
  readonly method: string;
  readonly path: string;
  /** Who asks. */
  readonly actor: Pick<Actor, "program" | "runsAround">;
}

export interface ProbeEnd {
  /** The upstream's; null where none came. */
  readonly status: number | null;
  readonly bytes: number;
  readonly error: "upstream_unreachable" | "upstream_timeout" | null;
}

export interface ProbeRecord {
  /** Durable once it resolves; then the call may be made. Gives what writes down its end. */
  open(call: ProbeCall): Promise<(end: ProbeEnd) => Promise<void>>;
}

/** Creates what writes tests of connections into the record. */
export function createProbeRecord(options: ProbeRecordOptions): ProbeRecord {
  const { transcripts, now } = options;
  return {
    async open({ connection, provider, method, path, actor }) {
      const key = options.nextKey();
      const began = performance.now();
      const at = () => Math.round((performance.now() - began) * 1000);
      const [holder] = actor.runsAround()?.flatMap((run) => run.holder ?? []) ?? [];
      const head = `${method} ${path} HTTP/1.1\r\naccept: application/json\r\n\r\n`;
      const below = path.slice(connection.basePath.length);
      const action = provider.recognise({
        ...{ method, path: below, fullPath: path, query: "", contentType: "" },
      });
      await transcripts.open({
        key,
        sessionId: holder?.session.id ?? null,
        seq: holder?.nextSeq() ?? 0,
        connection: connection.name,
        process: actor.program(),
        startedAt: now(),
        operation: {
          provider: provider.name,
          action: action?.name ?? "unknown",
          class: action?.class ?? "unknown",
          mintsCredential: false,
          method,
          path,
          model: null,
          tools: [],
          stream: false,
        },
        decision: { effect: "allow", rule: null, reason: connectionTestReason, decidedAt: now() },
        requestBytes: 0,
        frames: [{ kind: "request-head", at: at(), data: Buffer.from(head) }],
      });

      return ({ status, bytes, error }) =>
        new Promise((resolve, reject) => {
          const endedAt = at();
          if (status !== null) {
            const data = Buffer.from(`HTTP/1.1 ${status}\r\n\r\n`);
            transcripts.append(key, { kind: "reply-head", at: endedAt, data }, () => {});
          }
          const ending = {
            ...{ status, firstByteAt: status === null ? null : endedAt, endedAt },
            ...{ responseBytes: bytes, tokens: null, error, masked: [] },
          };
          transcripts.close(key, ending, (failed) => (failed ? reject(failed) : resolve()));
        });
    },
  };
}
