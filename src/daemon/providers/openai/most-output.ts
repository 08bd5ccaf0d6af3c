/**
 * Most output: how many tokens a reply may have, as its request says.
 */

import type { JsonObject } from "../../formats/json/shapes.js";
import type { Action } from "../../model/operation.js";

/** Members that limit the output. Some servers take one, some the other. */
const limitsOf: Readonly<Record<string, readonly string[]>> = {
  "chat.completions.create": ["max_completion_tokens", "max_tokens"],
  "completions.create": ["max_tokens"],
  "responses.create": ["max_output_tokens"],
};

/** Inference whose reply is no text of a model. */
const textless =
  /^(?:embeddings|moderations|content_provenance_checks|images|videos|audio\.speech)\./;

/** The limit times the number of answers; 0 where the reply is no text, null where there is no limit. */
export function mostOutputOf({ name }: Action, fields: JsonObject): number | null {
  if (textless.test(name)) return 0;
  const limits = (limitsOf[name] ?? []).map((member) => fields[member]).filter(isCount);
  if (limits.length === 0) return null;
  const answers = [fields.n, fields.best_of].filter(isCount);
  return Math.max(...limits) * Math.max(1, ...answers);
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) > 0;
