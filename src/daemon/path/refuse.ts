/**
 * Refuse: a refusal or fault becomes the provider's own error shape, recorded
 * like any reply before it is sent: the status, `x-should-retry: false` where
 * trying again cannot help, and a message a person can act on.
 */
import type { Masking } from "../masking/masking.js";
import type { Operation } from "../model/operation.js";
import { Abandoned, noticeOf, Refusal } from "../model/refusal.js";
import { maskedSentence, ownWords } from "../model/sentence.js";
import type { Ending, TokenUsage } from "../model/transcript.js";
import type { Provider } from "../providers/provider.js";
import type { Spending } from "../spending/spending.js";
import type { Ledger } from "./exchange.js";
import { openingOf, outcomeOf, type Reached } from "./exchange-start.js";
import { headText } from "./headers.js";
import { unansweredTokens } from "./reply/used-tokens.js";
import { type ShownRequest, shownUndecided } from "./request/request-masking.js";

export interface RefuseOptions {
  readonly ledger: Ledger;
  readonly spending: Pick<Spending, "ended">;
  /** Gives the shape where the request names no connection. */
  readonly fallback: Provider;
  readonly masking: Masking;
  /** What a request asks for that was refused before it was read. */
  readonly namedOperation: (exchange: Reached) => Operation;
  /** May one more request that belongs to no session be recorded? Floods are only counted. */
  readonly admitStranger: () => boolean;
}

/** Creates the end of every exchange that was stopped. */
export function createRefuse(options: RefuseOptions) {
  const { ledger, spending, fallback, masking, namedOperation, admitStranger } = options;
  const shownOf = (exchange: Reached) =>
    exchange.shown ??
    shownUndecided(exchange, exchange.operation ?? namedOperation(exchange), masking);

  return async function refuse(error: Error, exchange: Reached): Promise<void> {
    const { client } = exchange;
    if (error instanceof Abandoned) {
      const none = Buffer.alloc(0);
      await write(exchange, shownOf(exchange), undefined, null, error.code, none, none);
      client.drop();
      return;
    }
    const refusal = error instanceof Refusal ? error : new Refusal("fault", "hoopx failed");
    const { code, status } = refusal;
    const shown = shownOf(exchange);
    const message = maskedSentence(refusal.parts, shown.text);
    for (const words of ownWords(refusal.parts)) exchange.masking?.permit(words);
    const provider = exchange.provider ?? fallback;
    const notice = noticeOf(refusal, exchange.id);
    const { body, contentType } = provider.refusalBody({ ...notice, message });
    const headers = ["content-type", contentType, "content-length", String(body.length)];
    if (!refusal.retry) headers.push("x-should-retry", "false");
    if (refusal.retryAfter !== undefined) headers.push("retry-after", String(refusal.retryAfter));
    // A connection that has not shown whose it is is not kept.
    if (exchange.session === undefined) headers.push("connection", "close");
    // RFC 9110 15.5.22: which protocol to use instead.
    if (status === 426) headers.push("upgrade", "HTTP/1.1", "connection", "upgrade");
    if (status === 405) headers.push("allow", "GET, HEAD, POST, PUT, PATCH, DELETE");

    const head = headText(`HTTP/1.1 ${status}`, headers);
    await write(exchange, shown, refusal, status, code, head, body);
    if (client.answered) {
      client.drop();
      return;
    }
    headers.push("x-hoopx-exchange-id", exchange.id, "date", new Date().toUTCString());
    client.sendHead({ status, headers });
    client.sendData(body);
    client.end();
  };

  /** Records the refusal. A store that fails cannot stop it: a refusal lets nothing out. */
  async function write(
    exchange: Reached,
    shown: ShownRequest,
    refusal: Refusal | undefined,
    status: number | null,
    error: string,
    head: Buffer,
    body: Buffer,
  ): Promise<void> {
    // The recorded reply wrote its own ending.
    if (exchange.reply !== undefined) return;
    const { key } = exchange;
    const tokens = exchange.metered ?? (refusal === undefined ? unanswered(exchange) : null);
    spending.ended(key, tokens, exchange.sent === true);
    const place = refusal?.place;
    if (exchange.decision === undefined) {
      const stranger = exchange.session === undefined && place === undefined;
      if (stranger && !admitStranger()) return;
      try {
        await ledger.open(openingOf(exchange, shown, place));
      } catch {
        return;
      }
    }
    const at = exchange.elapsed();
    const ending: Ending = {
      status,
      firstByteAt: status === null ? null : at,
      endedAt: at,
      responseBytes: body.length,
      tokens,
      error,
      masked: shown.found,
      outcome: outcomeOf(exchange, { status, error }),
    };
    await new Promise<void>((resolve) => {
      if (status !== null) {
        ledger.append(key, { kind: "reply-head", at, data: head }, () => {});
        ledger.append(key, { kind: "reply-body", at, data: body }, () => {});
      }
      ledger.close(key, ending, () => resolve());
    });
  }
}

/** What an exchange used whose client left: the upstream may have worked all the same. */
function unanswered({ sent, operation, expected }: Reached): TokenUsage | null {
  if (sent !== true || operation === undefined || expected === undefined) return null;
  return unansweredTokens({ operation, expected });
}
