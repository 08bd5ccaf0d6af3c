/**
 * Desk error: why an answer to a review was not taken. Codes are those of the
 * control API's problems.
 */
export type DeskFault = "review_settled" | "review_not_allowed" | "bad_request" | "conflict";

export class DeskError extends Error {
  readonly code: DeskFault;
  readonly hint: string | undefined;

  /** `message`: one sentence, lower case, no full stop. */
  constructor(code: DeskFault, message: string, hint?: string) {
    super(message);
    this.name = "DeskError";
    this.code = code;
    this.hint = hint;
  }
}
