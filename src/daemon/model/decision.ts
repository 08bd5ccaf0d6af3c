/**
 * Decision: effect, rule and reason, written down before anything leaves; and
 * for an effect of review, the terms on which a person may lift it.
 */
import { maskedSentence, quoted, type SentencePart } from "./sentence.js";

export type Effect = "allow" | "review" | "deny";

/** How long an approval speaks for requests like the approved one. */
export type GrantScope =
  | { readonly kind: "once" }
  | { readonly kind: "session" }
  | { readonly kind: "time"; readonly ms: number };

/** Who may resolve a review; one match in any list is enough. */
export interface Reviewers {
  readonly groups: readonly string[];
  readonly subjects: readonly string[];
  readonly emails: readonly string[];
}

/** How a review is to be resolved. */
export interface ReviewTerms {
  /** Null: the person at the keyboard. */
  readonly by: Reviewers | null;
  /** Further lists that a reviewer has to be in, where several rules ask. */
  readonly andBy?: readonly Reviewers[];
  /** May the requester (issuer and subject) resolve it? */
  readonly self: boolean;
  /** Milliseconds it stays open. */
  readonly timeoutMs: number;
  /** The most that a reviewer may say; an approval speaks for once where they say nothing. */
  readonly remember: GrantScope;
  /** More than that, where a rule allows it; absent: `remember`. */
  readonly atMost?: GrantScope;
  /** Approvals by different reviewers that it takes. */
  readonly approvals: number;
}

/**
 * The very rule that decided. A name does not tell it: several files may use
 * the same one, and an edit makes another rule of it.
 */
export interface RuleOrigin {
  /** `masking`: the masking terms of all layers together. */
  readonly layer: "organisation" | "user" | "project" | "built-in" | "masking";
  /** Null where it stands in no file. */
  readonly file: string | null;
  /** SHA-256 (hex) of all that the rule says: its conditions, effect and review terms. */
  readonly hash: string;
}

/** A rule with the name that people know it by. */
export interface NamedRule extends RuleOrigin {
  readonly name: string;
}

/** A text that two rules share only where they are one and the same. */
export function ruleKeyOf({ layer, file, hash }: RuleOrigin): string {
  return JSON.stringify([layer, file, hash]);
}

export interface Verdict {
  readonly effect: Effect;
  /** Name of the deciding rule; null where none matched. */
  readonly rule: string | null;
  /** Which rule of that name; absent where none matched, and in records from before it was kept. */
  readonly origin?: RuleOrigin;
  /** For an effect of review: the other rules that want one. Its terms are those that meet all of them. */
  readonly also?: readonly NamedRule[];
  /** One sentence for people, lower case, no full stop. */
  readonly reason: string;
  /** The reason is the text of a rule that no agent can write: nothing of a request is in it. */
  readonly ownReason?: true;
  /** For an effect of review: its terms. */
  readonly review?: ReviewTerms;
  /** What becomes of a denied tool call: an error in the reply, or a refusal that the model reads. */
  readonly onDeny?: "error" | "tell-model";
}

/** A text that two verdicts share only where the very same rules decided; undefined where they cannot be told. */
export function decidersKeyOf({ origin, also = [] }: Verdict): string | undefined {
  if (origin === undefined) return undefined;
  return [origin, ...also].map(ruleKeyOf).join("");
}

/** The reason as a part of a sentence. */
export function reasonPart({ reason, ownReason }: Verdict): SentencePart {
  return ownReason === true ? reason : quoted(reason);
}

/**
 * The deciding rule's name as a part of a sentence. A project's rule may have any name that the
 * agent gives it; a record from before the origin was kept does not tell whose rule it was.
 */
export function rulePart({ rule, origin }: Verdict): SentencePart {
  const own = origin !== undefined && origin.layer !== "project";
  return own ? (rule ?? "") : quoted(rule ?? "");
}

/** The verdict as it is recorded and shown: with the names masked that an agent may have given to rules. */
export function withMaskedNames(verdict: Verdict, mask: (text: string) => string): Verdict {
  const { rule, also } = verdict;
  return {
    ...verdict,
    ...(rule !== null && { rule: maskedSentence([rulePart(verdict)], mask) }),
    ...(also && {
      also: also.map((other) =>
        other.layer === "project" ? { ...other, name: mask(other.name) } : other,
      ),
    }),
  };
}

/** Did the very same rules decide? */
export function isSameDecider(one: Verdict, other: Verdict): boolean {
  const key = decidersKeyOf(one);
  return key !== undefined && key === decidersKeyOf(other);
}

/** Of a call that hoopx itself makes to test a connection: no rule is asked, and no re-run expects it. */
export const connectionTestReason = "hoopx connections test";

export interface Decision extends Verdict {
  readonly decidedAt: Date;
}
