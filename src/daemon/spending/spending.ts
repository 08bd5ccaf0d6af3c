/**
 * Spending: what each session, each identity today and everybody today has
 * used, counted in memory as exchanges begin and end, and seeded from the
 * record at start, so that a restart forgives nothing. A request counts from
 * the moment it is let through, its tokens once its reply has told them:
 * requests under way can overdraw a budget of tokens by what they still use.
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
  /** What was used; `without`: less what this exchange, which is under way, was counted as. */
  of(spender: Spender, per: "session" | "identity" | "day", without?: bigint): Used;
  /** An exchange was let through. */
  began(key: bigint, spender: Spender, model: string | null): void;
  /** It is over. */
  ended(key: bigint, tokens: TokenUsage | null): void;
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
  /** On which it was counted. */
  readonly day: number;
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

  return {
    of(spender, per, without) {
      turnPage();
      const used =
        per === "session"
          ? sessions.get(spender.id)
          : per === "day"
            ? everybody
            : identities.get(nameOf(spender.identity));
      const own = without === undefined ? undefined : running.get(without);
      if (own === undefined || (per !== "session" && own.day !== day)) return used ?? nothing;
      return { ...nothing, ...used, requests: Math.max(0, (used?.requests ?? 0) - 1) };
    },

    began(key, spender, model) {
      turnPage();
      running.set(key, { spender, model, day });
      const used = { requests: 1, tokens: 0, cost: 0 };
      addToSession(spender, used);
      addToday(spender, used);
    },

    ended(key, tokens) {
      const exchange = running.get(key);
      running.delete(key);
      if (exchange === undefined || tokens === null) return;
      turnPage();
      const { spender, model } = exchange;
      const used = usedBy({ session: spender, model, requests: 0, tokens });
      // One that ends after its session is of no session any more.
      if (sessions.has(spender.id)) addToSession(spender, used);
      addToday(spender, used);
    },

    forget: (id) => void sessions.delete(id),
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
