/**
 * Spending: what each session, each identity today and everybody today has
 * used, in memory, seeded from the record at start, so that a restart forgives
 * nothing. From the moment a request is let through until it is over, the most
 * that it may use is reserved and counts as used. Then what it did use takes
 * that place; a request that never left uses nothing.
 */
import type { Identity } from "../model/identity.js";
import type { SessionId } from "../model/session.js";
import type { TokenUsage } from "../model/transcript.js";
import type { Prices } from "./prices.js";

export interface Used {
  readonly requests: number;
  readonly tokens: number;
  /** US dollars, about. */
  readonly cost: number;
}

/** Whose an exchange is. */
export interface Spender {
  readonly id: SessionId;
  readonly identity: Pick<Identity, "issuer" | "subject">;
}

/** What the record has of a session and a model: one row. */
export interface RecordedUse {
  readonly session: Spender;
  readonly model: string | null;
  readonly requests: number;
  readonly tokens: TokenUsage;
}

export interface Spending {
  /** What was used and is reserved; `without`: leaving out what this exchange, which is under way, reserves. */
  of(spender: Spender, per: "session" | "identity" | "day", without?: bigint): Used;
  /**
   * An exchange is let through; `most`: what its tokens are expected to be at most,
   * asked for when a budget first needs it.
   */
  began(key: bigint, spender: Spender, model: string | null, most: () => TokenUsage): void;
  /** It is over. `sent`: its request reached the upstream, or may have. */
  ended(key: bigint, tokens: TokenUsage | null, sent: boolean): void;
  /** The session is over: its own count is not asked for again. */
  forget(id: SessionId): void;
}

export interface SpendingOptions {
  readonly prices: Prices;
  readonly now: () => Date;
  /** Of sessions that are live, all their time. */
  readonly bySession: readonly RecordedUse[];
  /** Of everybody, since the day began. */
  readonly today: readonly RecordedUse[];
}

/** An exchange under way. */
interface Running {
  readonly spender: Spender;
  readonly model: string | null;
  reserved: () => Used;
  /** On which it began. */
  readonly day: number;
  /** Its session ended before it did. */
  orphaned: boolean;
}

const nothing: Used = { requests: 0, tokens: 0, cost: 0 };

/** Creates the counters. */
export function createSpending({ prices, now, ...seed }: SpendingOptions): Spending {
  const sessions = new Map<string, Used>();
  const running = new Map<bigint, Running>();
  let day = dayOf(now());
  let everybody = nothing;
  let identities = new Map<string, Used>();

  /** A new day, UTC, begins with nothing. */
  function turnPage(): void {
    const today = dayOf(now());
    if (today === day) return;
    day = today;
    everybody = nothing;
    identities = new Map();
  }

  function addToday({ identity }: Spender, used: Used): void {
    const who = nameOf(identity);
    everybody = sum(everybody, used);
    identities.set(who, sum(identities.get(who), used));
  }

  function addToSession({ id }: Spender, used: Used): void {
    sessions.set(id, sum(sessions.get(id), used));
  }

  const usedBy = ({ model, requests, tokens }: RecordedUse): Used => ({
    requests,
    tokens: tokens.input + tokens.output,
    cost: prices(model, tokens),
  });
  for (const row of seed.bySession) addToSession(row.session, usedBy(row));
  for (const row of seed.today) addToday(row.session, usedBy(row));

  /** Its request counts on the day that it began, its tokens on the day that it ends. */
  const requestsToday = (exchange: Running): number => (exchange.day === day ? 1 : 0);

  function settled(spender: Spender, per: "session" | "identity" | "day"): Used | undefined {
    if (per === "session") return sessions.get(spender.id);
    return per === "day" ? everybody : identities.get(nameOf(spender.identity));
  }

  return {
    of(spender, per, without) {
      turnPage();
      const who = nameOf(spender.identity);
      let used = settled(spender, per) ?? nothing;
      for (const [key, exchange] of running) {
        if (key === without) continue;
        const { spender: other, reserved, orphaned } = exchange;
        if (per === "session") {
          if (other.id === spender.id && !orphaned) used = sum(used, reserved());
        } else if (per === "day" || nameOf(other.identity) === who) {
          used = sum(used, { ...reserved(), requests: requestsToday(exchange) });
        }
      }
      return used;
    },

    began(key, spender, model, most) {
      turnPage();
      let counted: Used | undefined;
      const reserved = () => {
        counted ??= usedBy({ session: spender, model, requests: 1, tokens: most() });
        return counted;
      };
      running.set(key, { spender, model, reserved, day, orphaned: false });
    },

    ended(key, tokens, sent) {
      const exchange = running.get(key);
      running.delete(key);
      if (exchange === undefined) return;
      // A map's old tables live on for a while: they must not keep the request alive.
      exchange.reserved = () => nothing;
      if (!sent) return;
      turnPage();
      const { spender, model, orphaned } = exchange;
      const told = tokens ?? { input: 0, output: 0 };
      const used = usedBy({ session: spender, model, requests: 1, tokens: told });
      if (!orphaned) addToSession(spender, used);
      addToday(spender, { ...used, requests: requestsToday(exchange) });
    },

    forget(id) {
      sessions.delete(id);
      for (const exchange of running.values()) {
        if (exchange.spender.id === id) exchange.orphaned = true;
      }
    },
  };
}

/** The day's beginning, UTC. */
export function dayOf(now: Date): number {
  return Math.floor(now.getTime() / 86_400_000) * 86_400_000;
}

const nameOf = ({ issuer, subject }: Pick<Identity, "issuer" | "subject">) =>
  `${issuer.length} ${issuer} ${subject}`;

function sum(one: Used = nothing, other: Used): Used {
  return {
    requests: one.requests + other.requests,
    tokens: one.tokens + other.tokens,
    cost: one.cost + other.cost,
  };
}
