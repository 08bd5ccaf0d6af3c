/**
 * Masking terms: what is to be hidden, as a policy says it. Which detectors
 * look, the user's own patterns and words, and what becomes of secrets in
 * requests.
 */
export interface MaskingTerms {
  /** Names of detectors and of groups of them: `secrets`, `email`, `aws-access-key` … */
  readonly detectors: readonly string[];
  /** RE2 expressions of the user's own; the name is the detector's. */
  readonly patterns: readonly { readonly name: string; readonly match: string }[];
  /** Word lists of the user's own, in any case. */
  readonly words: readonly { readonly name: string; readonly words: readonly string[] }[];
  readonly requests: RequestMasking;
  /** With `mask`: what was replaced is put back in the reply, for the agent only. */
  readonly restore: boolean;
}

/**
 * What becomes of findings in a request. `record`: they are masked in the transcript, and sent;
 * `mask`: they do not leave; `deny` and `review`: the request does not, or waits; `off`: nothing.
 */
export type RequestMasking = "off" | "record" | "mask" | "deny" | "review";

/** Findings of one detector, counted. */
export interface FindingCount {
  readonly detector: string;
  readonly count: number;
  /** Where: absent in records from before requests were looked at, which means the reply. */
  readonly place?: "request" | "reply";
}

/** What holds where no policy says otherwise. */
export const usualMasking: MaskingTerms = {
  detectors: ["secrets"],
  patterns: [],
  words: [],
  requests: "record",
  restore: false,
};

/** From the least strict to the strictest. */
export const requestMaskings: readonly RequestMasking[] = [
  "off",
  "record",
  "mask",
  "review",
  "deny",
];

/** Is anything looked for? */
export function hasDetectors({ detectors, patterns, words }: MaskingTerms): boolean {
  return detectors.length + patterns.length + words.length > 0;
}
