/**
 * Empty desk: where nobody can be asked, what wants a review is refused.
 */
import { Refusal } from "../model/refusal.js";
import type { Desk } from "./desk.js";

export const emptyDesk: Desk = {
  async ask({ operation, verdict }) {
    throw new Refusal("review_required", `${operation.action} needs a review: ${verdict.reason}`);
  },
};
