/** Unreadable: whatever went wrong in searching a reply, as the refusal that ends it. */
import { Refusal, refusalCodeOf } from "../../model/refusal.js";

/** The same error where it is a refusal already. */
export function unreadable(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (refusalCodeOf(error) === "reply_unreadable") {
    return new Refusal("reply_unreadable", (error as Error).message, { cause: error });
  }
  const cause = error instanceof Error ? error : new Error(String(error));
  return new Refusal("reply_unreadable", "the reply could not be searched for secrets", { cause });
}
