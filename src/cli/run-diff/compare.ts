/**
 * Compare: two runs, exchange by exchange and turn by turn. Exchanges that do
 * the same belong together, in them turns of one kind and speaker that say
 * something like it; ids and dates make no difference, and counts and times
 * are told and make none either.
 */
import type { ConversationView, ExchangeView, TurnView } from "../../contract/views.js";
import { operationText } from "../output/operation.js";
import { isOwnReply } from "../output/stop.js";
import { align, equalScore } from "./align.js";
import { type ArgumentChange, argumentChanges } from "./argument-changes.js";
import { normalised } from "./normalise.js";
import { likeness } from "./text-changes.js";

/** A turn as it is compared. */
export interface RunTurn {
  readonly side: "prompt" | "reply";
  readonly turn: TurnView;
  /** Kind, speaker and tool: turns without the same never belong together. */
  readonly kind: string;
  readonly compared: string;
}

export interface TurnChange {
  readonly change: "equal" | "changed" | "added" | "removed";
  readonly a: RunTurn | null;
  readonly b: RunTurn | null;
  /** Of a tool call whose arguments are JSON in both. */
  readonly arguments: readonly ArgumentChange[] | null;
}

export interface FactChange {
  readonly name: string;
  readonly a: string;
  readonly b: string;
}

export interface ExchangeChange {
  readonly a: ExchangeView | null;
  readonly b: ExchangeView | null;
  readonly facts: readonly FactChange[];
  readonly turns: readonly TurnChange[];
}

interface RunExchange {
  readonly view: ExchangeView;
  readonly turns: readonly RunTurn[];
  readonly compared: string;
  /** Each turn as it is compared. */
  readonly keys: ReadonlySet<string>;
}

/** Every exchange of both, in order. */
export function compareConversations(
  a: readonly ConversationView[],
  b: readonly ConversationView[],
): readonly ExchangeChange[] {
  const one = a.map(exchangeOf);
  const other = b.map(exchangeOf);
  return align(one, other, exchangeScore).map(({ a: i, b: j }) => {
    const before = i === null ? undefined : one[i];
    const after = j === null ? undefined : other[j];
    return {
      a: before?.view ?? null,
      b: after?.view ?? null,
      facts: before && after ? factChanges(before.view, after.view) : [],
      turns: turnChanges(before?.turns ?? [], after?.turns ?? []),
    };
  });
}

function exchangeOf(conversation: ConversationView): RunExchange {
  const { exchange: view, prompt } = conversation;
  const reply = isOwnReply(view) ? [] : conversation.reply;
  const turns = [
    ...prompt.map((turn) => turnOf("prompt", turn)),
    ...reply.map((turn) => turnOf("reply", turn)),
  ];
  const compared = JSON.stringify([
    factsOf(view),
    turns.map((turn) => [turn.side, turn.kind, turn.compared]),
  ]);
  const keys = new Set(turns.map((turn) => `${turn.side} ${turn.kind} ${turn.compared}`));
  return { view, turns, compared, keys };
}

function turnOf(side: RunTurn["side"], turn: TurnView): RunTurn {
  return { side, turn, kind: kindOf(turn), compared: comparedOf(turn) };
}

function kindOf(turn: TurnView): string {
  if (turn.kind === "message") return `message ${turn.role}`;
  return turn.kind === "tool-call" ? `tool-call ${turn.name}` : turn.kind;
}

/** What a turn says. */
export function saidBy(turn: TurnView): string {
  return turn.kind === "tool-call" ? turn.arguments : turn.text;
}

function comparedOf(turn: TurnView): string {
  const said = saidBy(turn);
  if (turn.kind !== "tool-call") return normalised(said);
  try {
    return normalised(JSON.stringify(sorted(JSON.parse(said))));
  } catch {
    return normalised(said);
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, sorted(each)] as const);
  // As entries: a key such as `__proto__` is one like any other.
  return { keys: entries.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)) };
}

/** Two of the same action belong together, the more so the more turns are alike. */
function exchangeScore(one: RunExchange, other: RunExchange): number {
  if (one.compared === other.compared) return equalScore;
  if (one.view.operation?.action !== other.view.operation?.action) return 0;
  let common = 0;
  for (const key of one.keys) if (other.keys.has(key)) common += 1;
  const all = Math.max(1, one.keys.size, other.keys.size);
  return 0.5 + common / all;
}

function turnScore(one: RunTurn, other: RunTurn): number {
  if (one.side !== other.side || one.kind !== other.kind) return 0;
  if (one.compared === other.compared) return equalScore;
  const alike = likeness(one.compared, other.compared);
  // A call of the same tool is the same call with other arguments.
  return one.turn.kind === "tool-call" || alike >= 0.25 ? 0.1 + alike : 0.01;
}

function turnChanges(a: readonly RunTurn[], b: readonly RunTurn[]): readonly TurnChange[] {
  return align(a, b, turnScore).map(({ a: i, b: j }) => {
    const before = (i === null ? undefined : a[i]) ?? null;
    const after = (j === null ? undefined : b[j]) ?? null;
    if (before === null || after === null) {
      const change = before === null ? "added" : "removed";
      return { change, a: before, b: after, arguments: null };
    }
    const change = before.compared === after.compared ? "equal" : "changed";
    const calls = change === "changed" && before.turn.kind === "tool-call";
    const changes = calls ? argumentChanges(saidBy(before.turn), saidBy(after.turn)) : undefined;
    return { change, a: before, b: after, arguments: changes ?? null };
  });
}

/** What makes a difference besides what was said. */
function factsOf({ operation, outcome, decision, status, error }: ExchangeView) {
  return {
    operation: operationText(operation),
    model: operation?.model ?? "none",
    decision: decision?.effect ?? "none",
    outcome: outcome ?? "running",
    status: status === null ? "none" : String(status),
    error: error ?? "none",
  };
}

/** A grant that exists by now, or a re-run that asks no person, makes no difference. */
function isLetThrough({ outcome }: ExchangeView): boolean {
  return outcome === "allowed" || outcome === "granted" || outcome === "approved";
}

function factChanges(a: ExchangeView, b: ExchangeView): readonly FactChange[] {
  const one = factsOf(a);
  const other = factsOf(b);
  return (Object.keys(one) as (keyof typeof one)[])
    .filter((name) => one[name] !== other[name])
    .filter((name) => name !== "outcome" || !(isLetThrough(a) && isLetThrough(b)))
    .map((name) => ({ name, a: one[name], b: other[name] }));
}
