/**
 * Answering: when the selected review can be answered, and the answer on its
 * way. It names its review here and now; nothing later can turn it to another.
 */
import { outcomeOf } from "./document.js";
import { type Answer, type InboxState, type Step, selectedReview, still } from "./inbox-state.js";
import { layoutOf } from "./layout.js";

/** A review that came by itself cannot have been meant by a key this soon. */
const unseenMs = 400;

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

/** Yes to the selected review, as far as `body` says. */
export function approve(state: InboxState, body: (Answer & { kind: "approve" })["body"]): Step {
  const why = unanswerable(state);
  if (why !== undefined || state.selected === null) return still({ ...state, note: why ?? null });
  return sent(state, { id: state.selected, kind: "approve", body });
}

/** No to the selected review, once its comment is typed. */
export function askComment(state: InboxState): Step {
  const why = unanswerable(state);
  if (why !== undefined || state.selected === null) return still({ ...state, note: why ?? null });
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
