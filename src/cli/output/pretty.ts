/**
 * Pretty: arguments of a tool call laid out to be read, and never so that they
 * would say something else than what was sent.
 */

/** Arguments laid out as JSON; as they are where that would not say the same (a key given twice). */
export function pretty(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    const bare = text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1");
    return JSON.stringify(value) === bare ? JSON.stringify(value, null, 2) : text;
  } catch {
    return text;
  }
}
