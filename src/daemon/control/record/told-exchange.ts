/**
 * Told exchange: an exchange as every list, conversation and live event tells
 * it: with the tool call that its outcome is about, and with what a person
 * answered to its review. Both are looked up only where there can be any.
 */
import type { ExchangeView } from "../../../contract/views.js";
import type { ReviewLog } from "../../store/review-log.js";
import type { ExchangeLog, ExchangeRecord } from "../../store/store.js";
import { presentExchange } from "../present.js";
import { decidingCall } from "./deciding-call.js";

/** What of the record tells how an exchange came to its outcome. */
export interface ExchangeSources {
  readonly exchanges: Pick<ExchangeLog, "frames">;
  readonly reviews: Pick<ReviewLog, "find">;
}

/** The exchange's view. */
export async function tellExchange(
  record: ExchangeRecord,
  { exchanges, reviews }: ExchangeSources,
): Promise<ExchangeView> {
  const call = await decidingCall(record, exchanges.frames);
  const id = record.review ?? call?.review ?? null;
  const [review] = id === null ? [] : await reviews.find(id);
  return presentExchange(record, { call, review });
}
