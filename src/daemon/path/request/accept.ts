/**
 * Accept: a client that a door lets in becomes an exchange, or is refused before
 * anything looks at who sent it.
 */
import { performance } from "node:perf_hooks";
import type { Client } from "../../doors/client.js";
import { exchangeIdOf } from "../../model/exchange.js";
import { firstHeader, isNamed } from "../../model/raw-headers.js";
import { Refusal } from "../../model/refusal.js";
import { type Accepted, advance, type Begun, type Room, type Station } from "../exchange.js";
import { meantForAll } from "../headers.js";
import type { Running } from "../running.js";
import { type BodyLimits, createBodies } from "./body.js";

export interface AcceptOptions {
  readonly running: Pick<Running, "enter" | "closed">;
  readonly nextKey: () => bigint;
  readonly now: () => Date;
  readonly bodyLimits: BodyLimits;
}

export interface Accept {
  /** Names the exchange; never fails, so that every refusal has an id to show. */
  begin(client: Client): Begun;
  /** The station that refuses what may not enter. */
  readonly accept: Station<Begun, Accepted>;
}

/** Creates the beginning of exchanges. */
export function createAccept({ running, ...options }: AcceptOptions): Accept {
  const bodies = createBodies(options.bodyLimits);
  return {
    begin(client) {
      const key = options.nextKey();
      const began = performance.now();
      const { method, target, headers } = client.head;
      const body = bodies.open(client);
      client.onClose(body.release);

      const exchange: Begun & Room = {
        key,
        id: exchangeIdOf(key),
        startedAt: options.now(),
        elapsed: () => Math.round((performance.now() - began) * 1000),
        method,
        connectionName: target.connectionName,
        path: target.path,
        query: target.query,
        headers,
        header: (name) => firstHeader(headers, name),
        readBody: body.read,
        holdBody: body.hold,
        signal: client.signal,
        client,
        place: running.enter(
          (reason) => client.stop(reason),
          () => client.stalledAt(),
        ),
        accepted: undefined,
        session: undefined,
        process: undefined,
        seq: undefined,
        connection: undefined,
        provider: undefined,
        over: undefined,
        token: undefined,
        seated: undefined,
        head: undefined,
        body: undefined,
        readable: undefined,
        parsed: undefined,
        operation: undefined,
        prompt: undefined,
        mostOutput: undefined,
        reading: undefined,
        beginning: undefined,
        route: undefined,
        decision: undefined,
        expected: undefined,
        settled: undefined,
        calls: undefined,
        shown: undefined,
        masking: undefined,
        restore: undefined,
        policy: undefined,
        policyInput: undefined,
        approved: undefined,
        sent: undefined,
        sensitive: undefined,
        replyHead: undefined,
        flow: undefined,
        watched: undefined,
        decoded: undefined,
        stopped: undefined,
        metered: undefined,
        gated: undefined,
        findings: undefined,
        reply: undefined,
      };
      return exchange;
    },

    accept(exchange) {
      if (running.closed()) throw new Refusal("daemon_stopping", "the daemon is stopping");
      exchange.client.admit();
      checkBodyHeaders(exchange);
      checkConnection(exchange);
      return advance(exchange, { accepted: true });
    },
  };
}

const ofTheBody = ["content-type", "content-encoding"] as const;

/** What a body is may be said once: of two words one program takes the first, another the last. */
function checkBodyHeaders({ headers }: Begun): void {
  for (const name of ofTheBody) {
    let count = 0;
    for (let index = 0; index < headers.length; index += 2) {
      if (isNamed(headers[index], name)) count += 1;
    }
    if (count > 1) throw new Refusal("request_malformed", `the request has two ${name} headers`);
  }
}

/** What policy and reviews see of the headers is what is sent: none is taken off in between. */
function checkConnection({ headers }: Begun): void {
  const name = meantForAll(headers);
  if (name === undefined) return;
  throw new Refusal(
    "request_malformed",
    `the Connection header names ${name}, which is for the provider`,
  );
}
