/**
 * Policy: rules that turn an identity and an operation into a verdict. Pure:
 * no clock, no store, no network.
 */
import type { Verdict } from "../model/decision.js";
import type { Identity } from "../model/identity.js";
import type { Operation } from "../model/operation.js";
import type { ProcessCheck } from "../model/session.js";

export interface PolicyInput {
  readonly identity: Identity;
  readonly connection: string;
  readonly operation: Operation;
  /** `unavailable`: whoever has the token can ask with it, from any process. */
  readonly processCheck: ProcessCheck;
}

export interface Policy {
  /** SHA-256 of the rules' text, hex: which policy decided. */
  readonly hash: string;
  evaluate(input: PolicyInput): Verdict;
}
