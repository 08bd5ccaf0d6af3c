/**
 * Refusal: our stop in OpenAI's error shape. Its SDKs show `error.message` and
 * nothing else of the body, so what, how to mend it and which exchange it was
 * all stand in that one line.
 */
import type { RefusalNotice } from "../text-reader.js";

/** Body and content-type of a refusal. */
export function refusalBody({ code, message, hint, exchangeId }: RefusalNotice) {
  const named = hint.includes(exchangeId) ? [] : [`exchange ${exchangeId}`];
  const after = [...(hint === "" ? [] : [hint]), ...named].join("; ");
  const line = `hoopx: ${message} (${after})`;
  const error = { message: oneLine(line), type: `hoopx_${code}`, code, param: null };
  return { body: Buffer.from(JSON.stringify({ error })), contentType: "application/json" };
}

/** A message names things the client sent: no line end or terminal control of theirs goes back. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, " ");
}
