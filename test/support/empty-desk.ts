/**
 * Empty desk: where nobody can be asked, what wants a review is refused.
 */
import { Refusal } from "../../src/daemon/model/refusal.js";
import type { Desk } from "../../src/daemon/reviews/desk.js";

export const emptyDesk: Desk = {
  async ask({ operation, verdict }) {
    throw new Refusal("review_required", `${operation.action} needs a review: ${verdict.reason}`);
  },
};
