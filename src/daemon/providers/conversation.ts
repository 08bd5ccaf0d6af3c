/**
 * Conversation: what one request added. A client sends all of a conversation
 * again with each request; a person reading a session wants each turn once.
 * Turns match by content, never by id: clients make up new ids.
 */
import type { Conversation, Turn } from "./provider.js";

/**
 * The prompt's turns that no earlier exchange of the session has shown.
 *
 * The request continues the earlier exchange whose prompt it repeats in full
 * and goes beyond, the longest one there is; agents that hand over to each
 * other interleave several. That prompt and that exchange's reply are left
 * out. A request that continues nothing is shown whole.
 */
export function turnsAddedSince(
  earlier: readonly Conversation[],
  current: Conversation,
): readonly Turn[] {
  const { prompt } = current;
  const spoken = prompt.filter(isSpoken);
  let continued: Conversation | undefined;
  let length = 0;
  for (const candidate of earlier) {
    const before = candidate.prompt.filter(isSpoken);
    if (before.length >= length && before.length < spoken.length && beginsWith(spoken, before)) {
      continued = candidate;
      length = before.length;
    }
  }
  if (continued === undefined || length === 0) return prompt;

  const known = [...continued.prompt.filter((turn) => !isSpoken(turn)), ...continued.reply];
  const counts = new Map<string, number>();
  for (const turn of known) counts.set(keyOf(turn), (counts.get(keyOf(turn)) ?? 0) + 1);

  let place = 0;
  return prompt.filter((turn) => {
    if (isSpoken(turn)) {
      place += 1;
      if (place <= length) return false;
    }
    const count = counts.get(keyOf(turn)) ?? 0;
    counts.set(keyOf(turn), count - 1);
    return count <= 0;
  });
}

/** Instructions may change from one request to the next: they do not tell conversations apart. */
function isSpoken({ kind, role }: Turn): boolean {
  return kind !== "message" || (role !== "system" && role !== "developer");
}

function beginsWith(turns: readonly Turn[], beginning: readonly Turn[]): boolean {
  return beginning.every((turn, index) => {
    const other = turns[index];
    return other !== undefined && keyOf(turn) === keyOf(other);
  });
}

function keyOf({ kind, role, name, text }: Turn): string {
  return JSON.stringify([kind, role, name, text]);
}
