/**
 * Reply: what comes back from an upstream, as it flows. Pushed, not pulled:
 * Node's stream objects would be half of the data path's cost.
 */
export interface ReplyHead {
  readonly status: number;
  readonly statusText: string;
  /** Names and values in turn; end-to-end headers only. */
  readonly headers: readonly string[];
}

/** Where a reply's body flows to. Calls come in this order: data …, then end or fail, once. */
export interface BodySink {
  /**
   * `delivered`: what the client gets where that is not what the record keeps. `last`: with it the
   * provider said all of its reply, whatever the connection does after it.
   */
  data(chunk: Buffer, delivered?: Buffer, last?: boolean): void;
  end(): void;
  /** The reply stopped short. */
  fail(error: Error): void;
}

/** Where a whole reply flows to: head first; `fail` before it means that there is no reply. */
export interface ReplySink extends BodySink {
  head(head: ReplyHead): void;
}

/** The valve of a reply that flows. */
export interface ReplyValve {
  pause(): void;
  resume(): void;
  /** It is no longer wanted: the upstream call is aborted at once, and nothing more is pushed. */
  cancel(reason: Error): void;
}

/** A reply's body on its way. Stations wrap it; none holds a whole one. */
export interface BodyFlow extends ReplyValve {
  /** Lets it flow, once. */
  start(sink: BodySink): void;
}

/** A recorded reply: its sink is told only what is in the transcript. */
export interface ReplyFlow extends ReplyValve {
  /** Lets it flow, once. */
  start(sink: ReplySink): void;
}
