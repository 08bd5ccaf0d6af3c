/**
 * Transport: how a request leaves for an upstream. `path/request/forward.ts` and
 * `connections test` send through it and know nothing of the HTTP library
 * behind it (docs/decisions/0003-http-library.md).
 */
import type { ReplySink, ReplyValve } from "../model/reply.js";

export interface UpstreamRequest {
  readonly method: string;
  /** Scheme, host and port. Nothing is sent anywhere else, redirects included (SECURITY H5). */
  readonly origin: string;
  /** Path and query, sent as they are. */
  readonly path: string;
  /** Names and values in turn; framing and Host are the transport's own. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly allowPrivateNetwork: boolean;
}

export interface UpstreamTransport {
  /**
   * Sends; the sink's first call never comes before this returns. An upstream
   * that stands still fails with UpstreamTimeout, one whose address may not be
   * connected to with AddressDenied.
   */
  send(request: UpstreamRequest, sink: ReplySink): ReplyValve;
  /** Lets go of every socket. */
  close(): Promise<void>;
}

/** The upstream did not answer in time: no reply head, or a reply that stood still. */
export class UpstreamTimeout extends Error {
  readonly code = "upstream_timeout";

  constructor(options?: ErrorOptions) {
    super("the upstream did not answer in time", options);
    this.name = "UpstreamTimeout";
  }
}
