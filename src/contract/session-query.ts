/**
 * Which sessions a list is to have: the query of the route `sessionsList`.
 * What is given narrows down, all of it together.
 */
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
  readonly denied?: "true";
  readonly masked?: "true";
  /** US dollars. */
  readonly costOver?: number;
}
