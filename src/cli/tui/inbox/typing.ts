/**
 * Typing: what a key is while a line is being typed: text, its end, or its
 * withdrawal. What was begun for nothing takes everything until Esc.
 */
import { refused, sent } from "./answering.js";
import { outcomeOf } from "./document.js";
import { type InboxState, type Prompt, type Step, still } from "./inbox-state.js";
import { toMatch } from "./to-match.js";

type TextPrompt = Exclude<Prompt, { readonly kind: "refused" | "confirm" }>;

const commentLimit = 1_000;
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The inbox after text was pasted: a prompt takes it, and nothing else does. */
export function pasted(state: InboxState, text: string): InboxState {
  const { prompt } = state;
  if (prompt === null) return { ...state, note: "pasted text does not answer: type the key" };
  if (prompt.kind === "confirm" || prompt.kind === "refused") return state;
  const line = text.replace(/[\r\n\t]+/g, " ").replace(/\p{Cc}/gu, "");
  return withText(state, prompt, prompt.text + line);
}

/** The inbox after a key while something is being typed. */
export function typed(state: InboxState, prompt: Prompt, key: string): Step {
  if (prompt.kind === "refused") {
    return still(key === "escape" ? { ...state, prompt: null } : state);
  }
  if (prompt.kind === "confirm") return confirmed(state, prompt, key);
  switch (key) {
    case "enter":
      return entered({ ...state, prompt: null }, prompt);
    case "escape":
      return still({
        ...state,
        prompt: null,
        ...(prompt.kind === "filter" && { filter: prompt.before }),
        note: prompt.kind === "deny" ? "not denied" : null,
      });
    case "backspace": {
      const characters = [...segmenter.segment(prompt.text)].map(({ segment }) => segment);
      return still(withText(state, prompt, characters.slice(0, -1).join("")));
    }
    case "ctrl-u":
      return still(withText(state, prompt, ""));
    case "ctrl-w":
      return still(withText(state, prompt, prompt.text.replace(/\S*\s*$/, "")));
    default:
      return still([...key].length === 1 ? withText(state, prompt, prompt.text + key) : state);
  }
}

/** Only `y` sends it: Enter ends many things that are typed or pasted. */
function confirmed(
  state: InboxState,
  { id, body }: Prompt & { kind: "confirm" },
  key: string,
): Step {
  if (key === "escape" || key === "n") {
    return still({ ...state, prompt: null, note: "not approved" });
  }
  if (key !== "y") return still(state);
  const settled = { ...state, prompt: null };
  const review = state.reviews.find((each) => each.id === id);
  if (review === undefined || review.status !== "pending") {
    const outcome = review === undefined ? "settled" : outcomeOf(review);
    return refused(settled, `not approved: already ${outcome}`);
  }
  return sent(settled, { id, kind: "approve", body });
}

function withText(state: InboxState, prompt: TextPrompt, whole: string): InboxState {
  const text = whole.slice(0, commentLimit);
  return {
    ...state,
    prompt: { ...prompt, text },
    ...(prompt.kind === "filter" && { filter: text }),
  };
}

function entered(state: InboxState, prompt: TextPrompt): Step {
  if (prompt.kind === "filter") return still(state);
  if (prompt.kind === "search") return still(toMatch({ ...state, search: prompt.text }, 0));
  const review = state.reviews.find(({ id }) => id === prompt.id);
  if (review === undefined || review.status !== "pending") {
    const outcome = review === undefined ? "settled" : outcomeOf(review);
    return refused(state, `not denied: already ${outcome}`);
  }
  return sent(state, { id: prompt.id, kind: "deny", comment: prompt.text.trim() });
}
