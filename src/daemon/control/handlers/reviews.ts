/**
 * Review handlers: what waits for a person, their answers, and the grants that
 * approvals left.
 */
import { ControlProblem } from "../control-problem.js";
import type { HandlersOf } from "../handler.js";

type Names =
  | "reviewsList"
  | "reviewsShow"
  | "reviewsApprove"
  | "reviewsDeny"
  | "grantsList"
  | "grantsRevoke";

/** Creates the handlers for reviews and grants. */
export function createReviewHandlers(): HandlersOf<Names> {
  function nobody(): never {
    throw new ControlProblem("not_found", "there is no review yet");
  }
  return {
    reviewsList: () => [],
    reviewsShow: nobody,
    reviewsApprove: nobody,
    reviewsDeny: nobody,
    grantsList: () => [],
    grantsRevoke: nobody,
  };
}
