/**
 * Delta feed: what replies say while they are written down, as live events. It
 * reads nothing unless a listener wants it, and keeps of a running reply
 * only what its reader needs; one that is no stream is told when it is whole.
 */
import type { DeltaEvent } from "../../../contract/events.js";
import { exchangeIdOf } from "../../model/exchange.js";
import type { Frame } from "../../model/transcript.js";
import type { DeltaReader, Provider, Turn } from "../../providers/provider.js";
import type { ExchangeRecord } from "../../store/store.js";
import type { EventHub } from "../event-hub.js";

export interface DeltaFeedOptions {
  readonly events: Pick<EventHub, "publish" | "wantsText">;
  readonly providerNamed: (name: string) => Provider | undefined;
  /** An exchange that runs. */
  readonly recordOf: (key: bigint) => ExchangeRecord | undefined;
  readonly now: () => Date;
}

export interface DeltaFeed {
  follows(key: bigint): boolean;
  wrote(key: bigint, frame: Frame): void;
  ended(key: bigint): void;
}

/** A reply that is read when it is whole is kept up to this many bytes. */
const mostKept = 1024 * 1024;

interface Follower {
  readonly reader: DeltaReader | undefined;
  readonly kept: Frame[];
  size: number;
}

/** Creates the feed. */
export function createDeltaFeed(options: DeltaFeedOptions): DeltaFeed {
  const { events, recordOf } = options;
  const followers = new Map<bigint, Follower>();

  function publish(record: ExchangeRecord, turn: string, delta: Turn): void {
    const { kind, role = null, name, text } = delta;
    const event: DeltaEvent = {
      type: "exchange.delta",
      at: options.now().toISOString(),
      exchange: {
        id: exchangeIdOf(record.key),
        sessionId: record.sessionId,
        seq: record.seq,
      },
      ...{ turn, kind, role, text },
      name: name || null,
    };
    events.publish(event);
  }

  function open({ operation }: ExchangeRecord, frame: Frame): Follower {
    const provider = operation && options.providerNamed(operation.provider);
    const reader =
      operation && provider?.openDeltas?.(operation, contentTypeOf(frame, operation.stream));
    return { reader: reader ?? undefined, kept: [], size: 0 };
  }

  return {
    follows(key) {
      const record = recordOf(key);
      if (record !== undefined && events.wantsText(record.sessionId)) return true;
      // What it missed meanwhile would be a gap: the next listener starts from there.
      followers.delete(key);
      return false;
    },

    wrote(key, frame) {
      const record = recordOf(key);
      if (record === undefined || !frame.kind.startsWith("reply-")) return;
      let follower = followers.get(key);
      if (follower === undefined) {
        follower = open(record, frame);
        followers.set(key, follower);
      }
      const { reader, kept } = follower;
      if (reader === undefined) {
        follower.size += frame.data.length;
        if (follower.size <= mostKept) kept.push(frame);
      } else if (frame.kind === "reply-body") {
        for (const { turn, ...delta } of reader.push(frame.data)) publish(record, turn, delta);
      }
    },

    ended(key) {
      const follower = followers.get(key);
      followers.delete(key);
      const record = recordOf(key);
      if (follower === undefined || record?.operation == null || follower.reader) return;
      // Half of a reply would read as a damaged one.
      if (follower.size > mostKept || follower.kept[0]?.kind !== "reply-head") return;
      const provider = options.providerNamed(record.operation.provider);
      const reply = provider?.converse(record.operation, follower.kept).reply ?? [];
      for (const [place, { deltas: _, ...turn }] of reply.entries()) {
        publish(record, String(place), turn);
      }
    },
  };
}

/** Of a reply's head; one that is watched from the middle on is what was asked for. */
function contentTypeOf({ kind, data }: Frame, stream: boolean): string {
  if (kind !== "reply-head") return stream ? "text/event-stream" : "";
  const head = Buffer.from(data).toString("latin1");
  // What is packed can be read once it is whole.
  if (/^content-encoding:\s*(?!identity)\S/im.test(head)) return "";
  return /^content-type:\s*(.*)$/im.exec(head)?.[1]?.trim() ?? "";
}
