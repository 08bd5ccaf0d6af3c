/**
 * Policy views: what may be shown of the rules in force, of what is wrong with
 * an edit, and of what a policy says to requests past or described. As in
 * `views.ts`, scripts rely on these keys; add freely, change none.
 */

export type PolicyLayerName = "built-in" | "organisation" | "user" | "project";

/** Something wrong in a policy's text, where it is, and what mends it. */
export interface PolicyProblemView {
  /** The file, or what it was called. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Lower case, no full stop. */
  readonly reason: string;
  readonly hint: string | null;
}

export interface PolicyLayerView {
  readonly layer: PolicyLayerName;
  /** Null for the built-in rules. */
  readonly file: string | null;
  /** SHA-256 of what is in force of it, hex; null where nothing of it is. */
  readonly hash: string | null;
  readonly rules: number;
  /** Why its last edit is not in force: the one before it still is. */
  readonly problems: readonly PolicyProblemView[];
}

export interface PolicyRuleView {
  readonly name: string;
  readonly layer: PolicyLayerName;
  readonly effect: "allow" | "review" | "deny";
  /** What it says, as a sentence: lower case, no full stop. */
  readonly sentence: string;
  readonly file: string | null;
  readonly line: number | null;
}

/** What is hidden, over all layers. */
export interface PolicyMaskingView {
  readonly detectors: readonly string[];
  readonly patterns: readonly { readonly name: string; readonly match: string }[];
  /** Word lists, with how many words each has. */
  readonly words: readonly { readonly name: string; readonly words: number }[];
  readonly requests: "off" | "record" | "mask" | "deny" | "review";
  readonly restore: boolean;
}

/** The policy in force. */
export interface PolicyView {
  readonly hash: string;
  readonly layers: readonly PolicyLayerView[];
  /** In the order of their files. The strictest that matches decides, not the first. */
  readonly rules: readonly PolicyRuleView[];
  readonly masking: PolicyMaskingView;
}

export interface PolicyCheckView {
  /** True where there are no problems; warnings do not change it. */
  readonly ok: boolean;
  /** What was looked at. */
  readonly files: readonly string[];
  readonly rules: number;
  readonly problems: readonly PolicyProblemView[];
  /** What is valid and probably not meant. */
  readonly warnings: readonly PolicyProblemView[];
}

export interface VerdictView {
  readonly effect: "allow" | "review" | "deny";
  readonly rule: string | null;
  readonly reason: string;
}

/** One condition of a rule held against a request. */
export interface ConditionView {
  /** `operations`, `prompt`, `not.models`: its place below `when`. */
  readonly condition: string;
  readonly matched: boolean;
  /** Why, as a sentence. */
  readonly reason: string;
}

export interface RuleExplanationView {
  readonly rule: string;
  readonly layer: PolicyLayerName;
  readonly effect: "allow" | "review" | "deny";
  readonly matched: boolean;
  /** It is the one that decides. */
  readonly deciding: boolean;
  readonly conditions: readonly ConditionView[];
}

/** What a policy says to one request, or to one tool call in its reply. */
export interface ExplanationView {
  readonly verdict: VerdictView;
  readonly rules: readonly RuleExplanationView[];
}

export interface ToolCallExplanationView extends ExplanationView {
  readonly name: string;
}

export interface PolicyExplainView extends ExplanationView {
  /** SHA-256 of the policy that was asked, hex. */
  readonly policyHash: string;
  /** The strictest of the request's verdict and its tool calls'. */
  readonly effect: "allow" | "review" | "deny";
  /** `files.delete on openai by ada`. */
  readonly request: string;
  /** The recorded exchange; null for a request that was described. */
  readonly exchange: string | null;
  /** What was decided then. */
  readonly recorded: VerdictView | null;
  readonly toolCalls: readonly ToolCallExplanationView[];
  /** What could not be known, and was taken as what. */
  readonly notes: readonly string[];
}

/** Exchanges that one policy decides otherwise than was decided then. */
export interface PolicyChangeView {
  readonly from: VerdictView["effect"];
  readonly fromRule: string | null;
  readonly to: VerdictView["effect"];
  readonly toRule: string | null;
  /** Is it about tool calls in replies, or about requests? */
  readonly about: "request" | "tool-call";
  readonly count: number;
  /** Ids of some of them, the latest. */
  readonly examples: readonly string[];
  /** The new verdict's reason for the latest. */
  readonly reason: string;
}

export interface PolicyTestView {
  readonly policyHash: string;
  /** What was run: a file's name; null for the policy in force. */
  readonly file: string | null;
  readonly since: string;
  readonly exchanges: number;
  /** Decided as then. */
  readonly same: number;
  readonly changed: number;
  /** Not recorded in a way that can be read again. */
  readonly skipped: number;
  /** Most first. */
  readonly changes: readonly PolicyChangeView[];
  /** How often each rule decided; a rule with 0 never did. */
  readonly rules: readonly {
    readonly rule: string;
    /** Rules of two layers may have one name. */
    readonly layer: PolicyLayerName;
    readonly effect: VerdictView["effect"];
    readonly decided: number;
  }[];
  readonly notes: readonly string[];
}

/** A line of a test that runs. */
export type PolicyTestLine =
  | { readonly type: "progress"; readonly exchanges: number }
  | { readonly type: "done"; readonly result: PolicyTestView };

export interface PolicySuggestView {
  readonly sessionId: string;
  /** A policy file. */
  readonly yaml: string;
  readonly rules: number;
  /** Exchanges that the rules speak for. */
  readonly exchanges: number;
  /** What no rule was written for, and why. */
  readonly notes: readonly string[];
}

/** A policy file that is not in force: its text goes over the control API. */
export interface PolicyText {
  /** What problems call it. */
  readonly name: string;
  readonly text: string;
}

/** A request that was not sent, as far as it is described. */
export interface DescribedRequest {
  /** `files.delete`, or `DELETE /v1/files/file-1`. */
  readonly operation: string;
  readonly connection?: string;
  readonly model?: string;
  readonly tools?: readonly string[];
  readonly prompt?: readonly string[];
  readonly stream?: boolean;
  readonly store?: boolean;
  readonly background?: boolean;
  readonly bytes?: number;
  /** ISO 8601; absent: now. */
  readonly at?: string;
  readonly subject?: string;
  readonly email?: string;
  readonly issuer?: string;
  readonly groups?: readonly string[];
  readonly command?: string;
  readonly host?: string;
  readonly ci?: string;
  /** Spent before it. */
  readonly requests?: number;
  readonly tokens?: number;
  readonly cost?: number;
  readonly toolCall?: { readonly name: string; readonly arguments: string };
}

/** Where the person stands: `.hoopx/policy.yaml` there, or above, is a layer too. */
export interface PolicyPlace {
  readonly folder?: string;
}

/** Exactly one of `exchange` and `described`. */
export interface ExplainPolicy extends PolicyPlace {
  /** Id of a recorded exchange. */
  readonly exchange?: string;
  readonly described?: DescribedRequest;
  /** Absent: the policy in force. */
  readonly file?: PolicyText;
}

export interface TestPolicy extends PolicyPlace {
  /** ISO 8601. */
  readonly since: string;
  /** Absent: the policy in force. */
  readonly file?: PolicyText;
}
