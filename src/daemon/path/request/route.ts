/**
 * Route: where the request goes: which transport, with which credentials. That
 * is chosen here, once. In a re-run the record answers what it knows, with
 * no credential; what is not in the record stops here unless the re-run was
 * told to send it. Policy, gate and record hold for both.
 */
import type { Credential, CredentialSource } from "../../credentials/source.js";
import { Refusal } from "../../model/refusal.js";
import type { Rerun } from "../../replaying/rerun.js";
import type { Reruns } from "../../replaying/reruns.js";
import { advance, type Classified, type Route, type Routed, type Station } from "../exchange.js";

export interface RouteOptions extends Pick<Route, "transport" | "source"> {
  readonly reruns?: Pick<Reruns, "of">;
}

const none: Credential = { sensitive: [], async apply() {} };
/** The record accepts every request: neither secret store nor token endpoint is asked. */
const noCredentials: CredentialSource = { obtain: async () => none };

/** Creates the station that chooses a request's route. */
export function createRoute(options: RouteOptions): Station<Classified, Routed> {
  const { reruns, transport, source } = options;
  const upstream: Route = { transport, source, leaves: true };

  return function route(exchange) {
    const rerun = reruns?.of(exchange.session);
    return rerun === undefined
      ? advance(exchange, { route: upstream })
      : replayed(exchange, rerun, upstream);
  };
}

async function replayed(
  exchange: Classified,
  rerun: Rerun | "lost",
  upstream: Route,
): Promise<Routed> {
  const { seq, connection, operation, body } = exchange;
  if (rerun === "lost") {
    const why = "the daemon was restarted, and what this session replays is not known any more";
    throw new Refusal("replay_missed", why);
  }
  const { action, method, path } = operation;
  const asked = { seq, connection: connection.name, action, method, path, body };
  const answer = await rerun.answer(asked);
  if (answer.kind === "missed") throw new Refusal("replay_missed", answer.why);
  if (answer.kind !== "recorded") return advance(exchange, { route: upstream });
  const { transport } = answer;
  return advance(exchange, { route: { transport, source: noCredentials, leaves: false } });
}
