/**
 * Tally: what was used up before each request of the past, counted while they
 * are read in the order they came. It holds one count a session that is in the
 * record being read, and those of the day that it has got to.
 */
import type { Spent } from "./policy.js";

/** Whose a use is. */
export interface Spender {
  readonly session: string;
  /** Issuer and subject, as one text. */
  readonly identity: string;
  readonly at: Date;
}

export interface Tally {
  add(spender: Spender, used: Spent): void;
  /** What was used before now by the session, by the identity today, or by everybody today (UTC). */
  spent(spender: Spender, per: "session" | "identity" | "day"): Spent;
}

const nothing: Spent = { requests: 0, tokens: 0, cost: 0 };

/** Creates a tally at nothing. */
export function createTally(): Tally {
  const sessions = new Map<string, Spent>();
  const identities = new Map<string, Spent>();
  let today = "";
  let everybody = nothing;

  function turnTo({ at }: Spender): void {
    const day = at.toISOString().slice(0, 10);
    if (day === today) return;
    today = day;
    identities.clear();
    everybody = nothing;
  }

  return {
    add(spender, used) {
      turnTo(spender);
      const { session, identity } = spender;
      sessions.set(session, sum(sessions.get(session), used));
      identities.set(identity, sum(identities.get(identity), used));
      everybody = sum(everybody, used);
    },
    spent(spender, per) {
      turnTo(spender);
      if (per === "session") return sessions.get(spender.session) ?? nothing;
      return per === "identity" ? (identities.get(spender.identity) ?? nothing) : everybody;
    },
  };
}

function sum(one: Spent = nothing, other: Spent): Spent {
  return {
    requests: one.requests + other.requests,
    tokens: one.tokens + other.tokens,
    cost: one.cost + other.cost,
  };
}
