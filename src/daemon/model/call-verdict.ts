/**
 * Call verdict: what a policy says to one tool call. The data path, `policy
 * explain` and `policy test` all ask here, so that they judge the same form
 * of it: the prompt and the arguments as they are read for the rules.
 */
import type { Verdict } from "./decision.js";
import type { ToolCall } from "./review.js";

/** What is asked of a policy (policy/policy.ts), whatever it knows of the request. */
interface Asked<Input> {
  prepare?(input: Input, call?: ToolCall): Promise<void> | undefined;
  evaluateToolCall(input: Input, call: ToolCall): Verdict;
}

/** The verdict, once large texts were read in slices. */
export async function callVerdict<Input>(
  policy: Asked<Input>,
  input: Input,
  call: ToolCall,
): Promise<Verdict> {
  await policy.prepare?.(input);
  await policy.prepare?.(input, call);
  return policy.evaluateToolCall(input, call);
}
