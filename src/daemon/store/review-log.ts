/**
 * Review log: what waited for a person and how it ended, and the grants that
 * approvals left. What may happen once only (an end, the use of a grant) is
 * one conditional update that says whether it happened (SECURITY A2).
 */
import type { Identity } from "../model/identity.js";
import type { Grant, GrantId, Review, ReviewId, ReviewStatus } from "../model/review.js";
import type { SessionId } from "../model/session.js";

export interface ReviewFilter {
  readonly limit: number;
  readonly status?: ReviewStatus;
  readonly sessionId?: SessionId;
}

export interface ReviewLog {
  /** Writes it, and that its exchange waits for it. */
  open(review: Review): Promise<void>;
  /** One more exchange waits for it, or goes by its answer. */
  join(exchange: bigint, id: ReviewId): Promise<void>;
  /** One approval more where it is still pending; false where it is not. */
  change(review: Review): Promise<boolean>;
  /** Its end, with the grant that an approval leaves; false where it had one already, and nothing is written. */
  settle(review: Review, grant?: Grant): Promise<boolean>;
  /** A client that waited was told of its denial. */
  told(id: ReviewId): Promise<void>;
  /** By id, or by an unambiguous beginning of one. */
  find(id: string): Promise<readonly Review[]>;
  /** Newest first. */
  list(filter: ReviewFilter): Promise<readonly Review[]>;
  /** A stored denial that no client was told of yet, of a review that would still be open; it counts as told from now on. */
  takeDenial(sessionId: SessionId, binding: string, now: Date): Promise<Review | undefined>;
}

/** What a grant would have to speak for. */
export interface Wanted {
  readonly sessionId: SessionId;
  readonly identity: Identity;
  readonly binding: string;
  readonly likeness: string | null;
}

export interface GrantLog {
  /** By id, or by an unambiguous beginning of one. */
  find(id: string): Promise<readonly Grant[]>;
  /** Newest first. */
  list(filter: { readonly limit: number }): Promise<readonly Grant[]>;
  /** Those in force that speak for it, the narrowest first. */
  speakingFor(wanted: Wanted, now: Date): Promise<readonly Grant[]>;
  /** Counts a use; false where it may not be used, or not any more. */
  use(id: GrantId, now: Date): Promise<boolean>;
  /** False where it was revoked already. */
  revoke(id: GrantId, at: Date): Promise<boolean>;
}
