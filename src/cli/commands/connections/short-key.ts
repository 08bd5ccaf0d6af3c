/** Short key: what is said of a key that is too short to be a secret. */
import { shortestKey } from "../../../contract/short-key.js";
import type { Context } from "../../context.js";

/** Tells the person that such a key is sent upstream but not hidden in replies. */
export function noteShortKey(context: Context, key: string | undefined): void {
  if (key === undefined || key.length >= shortestKey) return;
  context.note(
    `the key has fewer than ${shortestKey} characters: hoopx sends it upstream, but does not hide it in replies, where a text so short may be an ordinary word`,
  );
}
