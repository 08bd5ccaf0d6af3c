/**
 * Which sessions a list is to have: the query of the route `sessionsList`.
 * What is given narrows down, all of it together.
 */
import type { Outcome } from "./outcome.js";

export interface SessionQuery {
  readonly limit?: number;
  /** ISO 8601. */
  readonly since?: string;
  readonly status?: string;
  /** Part of the subject or e-mail. */
  readonly identity?: string;
  /** Words, "phrases" and beginnings*: in title, command, labels or id, or in what was said. */
  readonly search?: string;
  /** A glob. */
  readonly model?: string;
  /** Declared or called. */
  readonly tool?: string;
  /** Something in it was denied: outcomes `denied`, `denied-by-reviewer` and `expired`. */
  readonly denied?: "true";
  /** An exchange of it went this way (outcome.ts). */
  readonly outcome?: Outcome;
  readonly masked?: "true";
  /** US dollars. */
  readonly costOver?: number;
}
