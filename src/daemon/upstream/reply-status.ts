/**
 * Reply status: what the HTTP library makes of a status line, mended at its
 * parser. It breaks a connection at an unasked `100 Continue`, which a client
 * has to pass over (RFC 9110 15.2), and fails with an assertion at a status
 * that does not exist. The parser is found by its symbol's name: where a later
 * version has another, `test/daemon/upstream/reply-status.test.ts` fails.
 */

/** The upstream's status is none that HTTP has (RFC 9110 15), or grants what was not asked for. */
class NoSuchStatus extends Error {
  readonly code = "ERR_NO_SUCH_STATUS";

  constructor(status: number) {
    super(`the upstream answered with status ${status}`);
    this.name = "NoSuchStatus";
  }
}

interface Parser {
  readonly socket: { destroy(error: Error): void };
  onHeadersComplete(status: number, upgrade: boolean, keepAlive: boolean): number;
}

/** Stops the parser where it stands. */
const stop = -1;

/** Mends the parser of a connected client. */
export function mendStatusOf(client: object): void {
  const socket = memberNamed(client, "socket");
  const parser = isObject(socket) ? (memberNamed(socket, "parser") as Parser) : undefined;
  if (parser === undefined) return;
  const complete = parser.onHeadersComplete;
  parser.onHeadersComplete = function onHeadersComplete(status, upgrade, keepAlive) {
    // No request of ours asks for other protocols, which 101 grants.
    if (status < 100 || status > 599 || status === 101) {
      this.socket.destroy(new NoSuchStatus(status));
      return stop;
    }
    // Any other interim status is passed over as it has to be.
    return complete.call(this, status === 100 ? 102 : status, upgrade, keepAlive);
  };
}

function memberNamed(object: object, name: string): unknown {
  const symbol = Object.getOwnPropertySymbols(object).find(
    ({ description }) => description === name,
  );
  return symbol === undefined ? undefined : (object as Record<symbol, unknown>)[symbol];
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
