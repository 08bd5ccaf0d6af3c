/**
 * Reviewers: who may answer a review (SECURITY A3, four eyes). Pure: identities
 * in, a reason out.
 */
import type { Identity } from "../model/identity.js";
import type { Review } from "../model/review.js";
import { DeskError } from "./desk-error.js";

/** For people: the e-mail where there is one. */
export function nameOf({ email, subject }: Identity): string {
  return email ?? subject;
}

/** Is it the same person or workload? */
function isSame(one: Identity, other: Identity): boolean {
  return one.issuer === other.issuer && one.subject === other.subject;
}

/** Throws where this reviewer may not approve. */
export function checkApprover(review: Review, reviewer: Identity): void {
  const { terms, identity, approvals } = review;
  checkListed(review, reviewer);
  if (!terms.self && isSame(identity, reviewer)) {
    throw notAllowed(
      `${nameOf(reviewer)} asks for this, and rule ${review.rule} wants somebody else to agree`,
      "have another reviewer approve it",
    );
  }
  if (approvals.some(({ by }) => isSame(by, reviewer))) {
    throw notAllowed(
      `${nameOf(reviewer)} has approved it already, and it takes ${terms.approvals} reviewers`,
      "have another reviewer approve it",
    );
  }
}

/** Throws where this reviewer may not deny. Whoever asked may always take it back. */
export function checkDenier(review: Review, reviewer: Identity): void {
  if (!isSame(review.identity, reviewer)) checkListed(review, reviewer);
}

function checkListed({ terms: { by }, rule }: Review, reviewer: Identity): void {
  if (by === null) return;
  const { subject, email, groups } = reviewer;
  if (by.groups.some((group) => groups.includes(group))) return;
  if (by.subjects.includes(subject)) return;
  // Mailboxes differ by letters' case in theory only.
  const mail = email?.toLowerCase();
  if (mail !== undefined && by.emails.some((each) => each.toLowerCase() === mail)) return;
  const who = [
    by.groups.length > 0 ? `the groups ${by.groups.join(", ")}` : "",
    ...by.subjects,
    ...by.emails,
  ].filter((part) => part !== "");
  throw notAllowed(
    `${nameOf(reviewer)} is no reviewer for rule ${rule}: it takes ${who.join(" or ")}`,
    "log in as one of them: hoopx login",
  );
}

function notAllowed(message: string, hint: string): DeskError {
  return new DeskError("review_not_allowed", message, hint);
}
