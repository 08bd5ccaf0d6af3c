/**
 * Logprobs: a member of JSON that spells a text beside it, token by token,
 * as log probabilities do. Where that text is not what is to be seen, the
 * member says nothing.
 */
import type { JsonKnowledge } from "../../model/json-knowledge.js";
import type { LogicalMasking, LogicalText } from "./logical-text.js";

/** The member as JSON that may be seen. */
export function withoutSpelled(
  raw: string,
  maskText: LogicalMasking["mask"],
  knowledge: JsonKnowledge | undefined,
): LogicalText {
  const spelled = knowledge?.spelled(parsed(raw)) ?? "";
  if (spelled === "") return maskText(raw, "");
  const { text, counts } = maskText(spelled, "");
  if (text === spelled) return { text: raw, counts: [] };
  return { text: raw.startsWith("[") ? "[]" : "null", counts };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
