/**
 * Tokens: how counts of tokens are shown. A figure that a reply did not state,
 * and that hoopx estimated from what flowed, has `~` before it.
 */
import type { TokensView } from "../../contract/views.js";
import { counted, grouped } from "./time.js";

/** `1,204`, and `~1,204` for an estimate. */
export function aboutTokens(amount: number, estimated: true | undefined): string {
  return `${sign(estimated)}${grouped(amount)}`;
}

/** `1,204 → 96`. */
export function tokenFlow({ input, output, estimated }: TokensView): string {
  return `${aboutTokens(input, estimated)} → ${aboutTokens(output, estimated)}`;
}

/** `1,204 tokens in, 96 out`. */
export function tokensInAndOut({ input, output, estimated }: TokensView): string {
  return `${sign(estimated)}${counted(input, "token")} in, ${aboutTokens(output, estimated)} out`;
}

const sign = (estimated: true | undefined): string => (estimated ? "~" : "");
