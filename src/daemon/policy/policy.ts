/**
 * Policy: rules that turn an identity and an operation into a verdict. Pure:
 * no clock, no store, no network; what costs work to know is a function, asked
 * only where a rule needs it.
 */
import type { Verdict } from "../model/decision.js";
import type { Identity } from "../model/identity.js";
import type { FindingCount, MaskingTerms } from "../model/masking-terms.js";
import type { Operation } from "../model/operation.js";
import type { PromptPiece } from "../model/prompt.js";
import type { ToolCall } from "../model/review.js";
import type { Session, SessionProcess } from "../model/session.js";

/** What was used so far, before this request. */
export interface Spent {
  readonly requests: number;
  readonly tokens: number;
  /** Estimated, US dollars. */
  readonly cost: number;
}

export interface PolicyInput {
  readonly identity: Identity;
  readonly process: SessionProcess;
  /** Whether the token is held to its run's process tree. */
  readonly processCheck: Session["processCheck"];
  readonly connection: string;
  readonly operation: Operation;
  readonly requestBytes: number;
  readonly now: Date;
  /** All text the model will read, in the request's order. */
  readonly prompt: () => Iterable<PromptPiece>;
  readonly spent: (per: "session" | "identity" | "day") => Spent;
}

export interface Policy {
  /** SHA-256 of the rules' text, hex: which policy decided. */
  readonly hash: string;
  /** What is to be hidden, in requests, replies and the record. */
  readonly masking: MaskingTerms;
  evaluate(input: PolicyInput): Verdict;
  /**
   * The verdict on a request in which something was found that is to be hidden: a stricter one
   * where the masking terms want that. `where` names the first place, never what stands there.
   */
  judgeFindings(verdict: Verdict, found: readonly FindingCount[], where: string): Verdict;
  /**
   * Reads a large prompt, or the large arguments of a tool call, in slices, so that `evaluate` or
   * `evaluateToolCall` after it need not hold up others; undefined where there is nothing to read.
   */
  prepare?(input: PolicyInput, call?: ToolCall): Promise<void> | undefined;
  /** Might a rule speak of this request's tool calls? If not, its reply need not be read. */
  watchesToolCalls(input: PolicyInput): boolean;
  /** A tool call that no rule speaks of is allowed: the request was. */
  evaluateToolCall(input: PolicyInput, call: ToolCall): Verdict;
}

/** The policy in force: an edit of its files changes it between two requests. */
export interface PolicyHolder {
  /** For a session, whose project may have rules of its own. */
  current(session: Pick<Session, "process">): Policy | Promise<Policy>;
  /** The same after a look at the files: what waited for a person is held to an edit of a moment ago. */
  latest(session: Pick<Session, "process">): Promise<Policy>;
}
