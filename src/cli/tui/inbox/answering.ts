/**
 * Answering: when the selected review can be answered, and the answer on its
 * way. It names its review here and now; nothing later can turn it to another.
 * Nothing is approved that was not on the screen, and what lets more go than
 * the one thing that is shown is asked about once more.
 */

import type { ReviewView } from "../../../contract/review-views.js";
import { longestApproval } from "../../output/review.js";
import { secondsOf } from "../../output/time.js";
import { outcomeOf } from "./document.js";
import { type Answer, type InboxState, type Step, selectedReview, still } from "./inbox-state.js";
import { layoutOf } from "./layout.js";

type Approval = (Answer & { kind: "approve" })["body"];

/** A review that came by itself, or text that did, cannot have been meant by a key this soon. */
const unseenMs = 400;
const quarter = 15 * 60;

/** Why the selected review takes no answer now; undefined: it does. */
function unanswerable(state: InboxState): string | undefined {
  const review = selectedReview(state);
  if (review === undefined) return "nothing waits";
  if (!layoutOf(state.columns, state.lines).fits)
    return "nothing is shown: the screen is too small";
  if (state.arrivedAt !== null && state.now - state.arrivedAt < unseenMs) {
    return "it came as you pressed the key: press it again";
  }
  if (review.status !== "pending") return `already ${outcomeOf(review)}`;
  if (state.answers.some(({ id }) => id === review.id)) return "your answer is on its way";
  return undefined;
}

/** Why the selected review cannot be approved now: besides, all of it has to have been shown. */
function unapprovable(state: InboxState): string | undefined {
  const why = unanswerable(state);
  if (why !== undefined || state.selected === null) return why;
  const reading = state.readings.get(state.selected);
  if (reading?.state === "failed") return "what it asks for cannot be shown (r asks for it again)";
  if (reading?.state !== "read") return "what it asks for is not on the screen yet";
  if (!reading.detail.whole) {
    return "it is only there as it was recorded, masked: deny it, or wait until its client asks again";
  }
  if (state.document?.cut) {
    return `it is too long for this screen: hoopx reviews show ${state.selected}`;
  }
  const shownAt = state.shownAt.get(state.selected);
  if (shownAt === undefined) return "not all of it was shown: Enter opens it";
  if (state.now - shownAt < unseenMs) return "it was shown as you pressed the key: press it again";
  return undefined;
}

/** Does the rule let an approval speak for so long? */
export function isOffered({ atMost }: ReviewView, scope: "session" | "time"): boolean {
  if (scope === "session" || atMost === "session") return atMost !== "once";
  return atMost !== "once" && (secondsOf(atMost) ?? 0) >= quarter;
}

/** Yes to the selected review, as far as `body` says. */
export function approve(state: InboxState, body: Approval): Step {
  const why = unapprovable(state);
  const review = selectedReview(state);
  if (why !== undefined || review === undefined) return refused(state, why ?? null);
  const { for: scope } = body;
  if (scope === "once" || scope === undefined) {
    return sent(state, { id: review.id, kind: "approve", body });
  }
  if (!isOffered(review, scope)) {
    return refused(
      state,
      `an approval under rule ${review.rule} may not last longer than ${longestApproval(review)}`,
    );
  }
  return still({ ...state, prompt: { kind: "confirm", id: review.id, body, text: "" } });
}

/** The key does nothing, and what came in one go with it neither. */
export function refused(state: InboxState, note: string | null): Step {
  return still({ ...state, note, refused: true });
}

/** No to the selected review, once its comment is typed. */
export function askComment(state: InboxState): Step {
  const why = unanswerable(state);
  // The comment is being typed already: none of its letters may be a key.
  if (why !== undefined || state.selected === null) {
    return still({ ...state, prompt: { kind: "refused", why: why ?? "nothing waits", text: "" } });
  }
  return still({ ...state, prompt: { kind: "deny", id: state.selected, text: "" } });
}

/** An answer takes its place behind those under way. */
export function sent(state: InboxState, answer: Answer): Step {
  const refusals = new Map(state.refusals);
  refusals.delete(answer.id);
  return {
    state: { ...state, refusals, answers: [...state.answers, answer] },
    effects: state.answers.length === 0 ? [{ type: "answer", answer }] : [],
  };
}
