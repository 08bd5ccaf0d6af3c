/**
 * Decision: effect, rule and reason, written down before anything leaves.
 */
export type Effect = "allow" | "review" | "deny";

export interface Verdict {
  readonly effect: Effect;
  /** Name of the deciding rule; null where none matched. */
  readonly rule: string | null;
  /** One sentence for people, lower case, no full stop. */
  readonly reason: string;
}

export interface Decision extends Verdict {
  readonly decidedAt: Date;
}
