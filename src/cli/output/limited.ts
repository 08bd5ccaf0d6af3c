/**
 * Limited: a list that stops at a limit and says so. One row more than is shown
 * is asked for, so that it is known whether there are more.
 */
import type { Context } from "../context.js";

/** The most that the daemon lists at once. */
export const mostListed = 10_000;

/** The first rows, and a note on stderr where rows are left out. */
export async function firstRows<Row>(
  context: Pick<Context, "note">,
  { limit, what, more }: { readonly limit: number; readonly what: string; readonly more: string },
  ask: (limit: number) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows = await ask(Math.min(limit + 1, mostListed));
  if (rows.length > limit) {
    context.note(`older ${what} are left out: ${more} --limit ${limit * 2} shows more`);
  }
  return rows.slice(0, limit);
}
