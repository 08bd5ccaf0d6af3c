/**
 * Reply unreadable: where tool calls are looked for, a reply that cannot be
 * read cannot be passed on. Its code is the refusal that the path makes of it.
 */
export class ReplyUnreadable extends Error {
  readonly code = "reply_unreadable";

  /** `message`: one sentence, lower case, no full stop, nothing of the reply. */
  constructor(message: string) {
    super(message);
    this.name = "ReplyUnreadable";
  }
}
