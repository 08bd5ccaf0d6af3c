/**
 * Named operation: what a request asks for, as far as its method and path
 * say. They are there before anything else of a request can be read, so that
 * the record has the operation of each request that is refused, whatever is
 * wrong with its token, its body or its turn.
 */
import type { Connection } from "../../model/connection.js";
import type { Action, Operation } from "../../model/operation.js";
import type { Session } from "../../model/session.js";
import type { Provider, RequestHead } from "../../providers/provider.js";
import type { Begun } from "../exchange.js";
import type { Reached } from "../exchange-start.js";
import { withoutCredential } from "../headers.js";

export interface NamingOptions {
  readonly connectionNamed: (name: string, session?: Session) => Connection | undefined;
  readonly providerNamed: (name: string) => Provider | undefined;
}

/** A request's head as the provider of its connection reads it. */
export function headOf(exchange: Begun, { basePath }: Connection): RequestHead {
  const { method, path, query, header } = exchange;
  const inside = path === basePath || path.startsWith(`${basePath}/`);
  return {
    method,
    // A path beside the base path is no operation: no provider has one without a leading slash.
    path: inside ? path.slice(basePath.length) : "",
    fullPath: path,
    query,
    contentType: header("content-type") ?? "",
  };
}

/** True for a request that asks for a WebSocket. */
export function asksForSocket({ header }: Begun): boolean {
  return header("upgrade")?.toLowerCase() === "websocket";
}

/** Creates the naming of requests whose body was not read. */
export function createNaming({ connectionNamed, providerNamed }: NamingOptions) {
  return function namedOperation(exchange: Reached): Operation {
    const connection =
      exchange.connection ?? connectionNamed(exchange.connectionName, exchange.session);
    const provider = connection && providerNamed(connection.provider);
    if (connection === undefined || provider === undefined) return ofNoConnection(exchange);
    const head = headOf(exchange, connection);
    const action = asksForSocket(exchange)
      ? provider.recogniseSocket(head)
      : provider.recognise(head);
    return { ...provider.describeUnknown(head), ...(action && named(action)) };
  };
}

const named = ({ name, class: kind }: Action) => ({ action: name, class: kind });

/** Its path begins with a name that no connection has: it is shown with it. */
function ofNoConnection({ method, connectionName, path, query }: Reached): Operation {
  const asked = withoutCredential(query);
  return {
    provider: "unknown",
    action: "unknown",
    class: "unknown",
    mintsCredential: false,
    method,
    path: `/${connectionName}${path}${asked === "" ? "" : `?${asked}`}`,
    model: null,
    tools: [],
    stream: false,
  };
}
