/**
 * Handler: what answers a control route. Typed by the contract, so a handler
 * that forgets a key of its answer does not compile. A route marked `stream`
 * answers with a function that sends its lines, one marked `bytes` with one that
 * reads and sends bytes.
 */
import type { RequestOf, ResponseOf, RouteName, routes } from "../../contract/routes.js";
import type { Actor } from "./caller.js";

interface ControlCall<Name extends RouteName> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Checked against the route's schema. */
  readonly body: RequestOf<Name>;
  /** Who asks. It has the route's permission (permissions.ts). */
  readonly actor: Actor;
  /** Aborts when the client left or the control API closes. */
  readonly signal: AbortSignal;
}

/** Sends lines until done or until the signal aborts; awaiting `send` keeps to the client's pace. */
export type LineStream<Line> = (
  send: (line: Line) => Promise<void>,
  signal: AbortSignal,
) => Promise<void>;

/** Reads bytes and sends bytes, each at the pace of the other. */
export type ByteStream = (
  input: AsyncIterable<Buffer>,
  send: (bytes: Buffer) => Promise<void>,
) => Promise<void>;

type Answer<Name extends RouteName> = (typeof routes)[Name] extends { readonly stream: true }
  ? LineStream<ResponseOf<Name>>
  : (typeof routes)[Name] extends { readonly bytes: true }
    ? ByteStream
    : ResponseOf<Name>;

export type Handler<Name extends RouteName> = (
  call: ControlCall<Name>,
) => Promise<Answer<Name>> | Answer<Name>;

export type Handlers = { readonly [Name in RouteName]: Handler<Name> };

/** The handlers of some routes: what one file of them makes. */
export type HandlersOf<Names extends RouteName> = Pick<Handlers, Names>;
