/**
 * Checkup views: what `hoopx doctor` shows. As in `views.ts`, scripts rely on
 * these keys; add freely, change none.
 */

/** One line of `hoopx doctor`. */
export interface CheckView {
  /** `keychain`, `daemon`, `connection openai` … */
  readonly name: string;
  /** `warning`: it works, and deserves a look; `skipped`: it was not checked. */
  readonly outcome: "ok" | "warning" | "failed" | "skipped";
  /** One sentence, lower case, no full stop. */
  readonly message: string;
  /** What mends it; null where there is nothing to mend. */
  readonly hint: string | null;
}

/** What the daemon finds out about itself and its surroundings. */
export interface CheckupView {
  readonly checks: readonly CheckView[];
  /** How far this machine's clock is ahead of others'. */
  readonly clocks: readonly { readonly host: string; readonly aheadMs: number }[];
}
