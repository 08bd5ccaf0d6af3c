/**
 * Clock: how far this machine's is ahead of another's, by the Date of a reply
 * (RFC 9110, 6.6.1). Tokens are good between two moments, so a clock that is
 * minutes off makes every login fail with a message about something else.
 */

/** Milliseconds; null where the reply said no time. A Date has no parts of a second, so up to 1 s is nothing. */
export function clockAhead(date: string | null | undefined, now: Date): number | null {
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) return null;
  const ahead = now.getTime() - theirs;
  return ahead >= 0 && ahead < 1_000 ? 0 : ahead;
}
