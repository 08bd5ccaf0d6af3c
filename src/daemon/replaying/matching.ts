/**
 * Matching: which recorded exchange a request is. By operation and normalised
 * body; of several that are equal the one with the same ids, else the first
 * that was not asked for yet; one that was asked for before is answered again
 * as it was the last time, as a client that retries expects.
 */
import { createHash } from "node:crypto";
import { type Difference, differencesOf } from "./difference.js";
import { canonicalPieces, type Json } from "./json.js";

/** A request as it is compared. */
export interface Form {
  /** `openai POST /v1/responses`: connection and operation. */
  readonly operation: string;
  readonly body: Json;
  /** SHA-256 of the canonical text of `body`: a long session is kept once, not three times. */
  readonly digest: string;
  /** The same with the ids as they are. */
  readonly precise: string;
  /** Something in it was masked. */
  readonly marked: boolean;
}

/** Something recorded that a request may be. */
export interface Candidate {
  readonly form: Form;
  /** How often it was asked for so far. */
  readonly asked: number;
}

/** The nearest of those that a request is not. */
export interface Nearest<Item> {
  readonly item: Item;
  readonly differences: readonly Difference[];
}

/** A request's form, made in steps. */
export function* formOf(operation: string, body: Json, precise: Json): Generator<void, Form> {
  const { digest, marked } = yield* digestOf(body);
  const ofPrecise = yield* digestOf(precise);
  return { operation, body, digest, precise: ofPrecise.digest, marked };
}

/** The recorded exchange that a request is, looked for in steps; undefined where it is none. */
export function* matchOf<Item extends Candidate>(
  candidates: readonly Item[],
  form: Form,
): Generator<void, Item | undefined> {
  const same: Item[] = [];
  for (const candidate of candidates) {
    if (isSame(candidate.form, form)) same.push(candidate);
    yield;
  }
  const fresh = same.filter(({ asked }) => asked === 0);
  const exact = fresh.find((candidate) => candidate.form.precise === form.precise);
  return exact ?? fresh[0] ?? same.at(-1);
}

/** Of each kind: the next that should come, and those that came last. The rest would only take time. */
const mostCompared = 16;

/** The most alike of the same operation, best one that was not asked for yet; looked for in steps. */
export function* nearestTo<Item extends Candidate>(
  candidates: readonly Item[],
  form: Form,
): Generator<void, Nearest<Item> | undefined> {
  let best: Nearest<Item> | undefined;
  const like = candidates.filter((candidate) => candidate.form.operation === form.operation);
  const fresh = like.filter(({ asked }) => asked === 0).slice(0, mostCompared);
  const asked = like.filter(({ asked }) => asked > 0).slice(-mostCompared);
  for (const item of [...fresh, ...asked]) {
    const differences = differencesOf(item.form.body, form.body, sameText);
    if (best === undefined || isNearer({ item, differences }, best)) best = { item, differences };
    yield;
  }
  return best;
}

function* digestOf(value: Json): Generator<void, Pick<Form, "digest" | "marked">> {
  const hash = createHash("sha256");
  let marked = false;
  for (const piece of canonicalPieces(value)) {
    hash.update(piece);
    marked ||= mark.test(piece);
    yield;
  }
  return { digest: hash.digest("base64"), marked };
}

function isNearer<Item extends Candidate>(one: Nearest<Item>, other: Nearest<Item>): boolean {
  const [mine, theirs] = [one.differences.length, other.differences.length];
  return mine < theirs || (mine === theirs && one.item.asked === 0 && other.item.asked > 0);
}

function isSame(recorded: Form, now: Form): boolean {
  if (recorded.operation !== now.operation) return false;
  if (recorded.digest === now.digest) return true;
  // What was a secret then stands in the record as a mark, whatever is there now.
  return recorded.marked && differencesOf(recorded.body, now.body, sameText).length === 0;
}

/** `[masked:github-token]#1`. */
const mark = /\[masked:[\w-]{1,64}\](?:#\d{1,9})?/;

/** A text of the record, in which marks stand for anything, and one of now. */
function sameText(recorded: string, now: string): boolean {
  if (recorded === now) return true;
  if (!mark.test(recorded)) return false;
  const [first = "", ...pieces] = recorded.split(new RegExp(mark, "g"));
  const last = pieces.pop() ?? "";
  if (!now.startsWith(first) || !now.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces) {
    const found = now.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at <= now.length - last.length;
}
