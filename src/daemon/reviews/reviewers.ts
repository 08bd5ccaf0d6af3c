/**
 * Reviewers: who may answer a review (SECURITY A3 and A8, four eyes). Pure:
 * identities in, a reason out.
 */
import type { Reviewers } from "../model/decision.js";
import type { Identity } from "../model/identity.js";
import type { Approval, Review } from "../model/review.js";
import { DeskError } from "./desk-error.js";

/** For people: the e-mail where there is one. */
export function nameOf({ email, subject }: Identity): string {
  return email ?? subject;
}

/** Is it the same person or workload? */
function isSame(one: Identity, other: Identity): boolean {
  return one.issuer === other.issuer && one.subject === other.subject;
}

/** Does the rule want more people than the requester? Then each has to be known to be one. */
function wantsPeople({ terms: { self, approvals } }: Review): boolean {
  return !self || approvals > 1;
}

/** Approvals that count: each of another person, where that matters. */
export function countedApprovals(review: Review): readonly Approval[] {
  const { approvals } = review;
  return wantsPeople(review)
    ? approvals.filter(({ by }) => notAPerson(review, by) === undefined)
    : approvals;
}

/** Throws where this reviewer may not approve. */
export function checkApprover(review: Review, reviewer: Identity): void {
  const { terms, identity } = review;
  checkListed(review, reviewer);
  if (!terms.self && isSame(identity, reviewer)) {
    throw notAllowed(
      `${nameOf(reviewer)} asks for this, and rule ${review.rule} wants another person to agree`,
      "have another reviewer approve it",
    );
  }
  const unknown = wantsPeople(review) ? notAPerson(review, reviewer) : undefined;
  if (unknown !== undefined) throw unknown;
  if (review.approvals.some(({ by }) => isSame(by, reviewer))) {
    throw notAllowed(
      `${nameOf(reviewer)} has approved it already, and the rule needs ${terms.approvals} reviewers`,
      "have another reviewer approve it",
    );
  }
}

/**
 * Why this reviewer cannot be told apart from the requester; undefined where a login at the same
 * issuer says so (SECURITY A8). One person is a user of this system and has a login, or has logins
 * at two issuers: neither makes two of them.
 */
function notAPerson({ id, rule, identity }: Review, reviewer: Identity): DeskError | undefined {
  if (identity.profile === null) {
    return notAllowed(
      `rule ${rule} wants people who can be told apart, and the requester has no login`,
      "log in and start the run with it: hoopx login --profile NAME, hoopx run --profile NAME -- …",
    );
  }
  if (reviewer.profile === null) {
    return notAllowed(
      `rule ${rule} wants people who can be told apart: the system's user ${reviewer.subject} may be the requester`,
      `approve with a login: hoopx approve ${id} --profile NAME (hoopx login --profile NAME makes one)`,
    );
  }
  if (reviewer.issuer === identity.issuer) return undefined;
  return notAllowed(
    `rule ${rule} wants people who can be told apart, and ${nameOf(reviewer)} is logged in at another issuer than the requester`,
    `log in at theirs: hoopx login --profile NAME --issuer ${identity.issuer}`,
  );
}

/** Throws where this reviewer may not deny. The requester may always take it back. */
export function checkDenier(review: Review, reviewer: Identity): void {
  if (!isSame(review.identity, reviewer)) checkListed(review, reviewer);
}

function checkListed({ terms: { by, andBy = [] }, rule }: Review, reviewer: Identity): void {
  for (const list of by === null ? andBy : [by, ...andBy]) checkInList(list, rule, reviewer);
}

function checkInList(by: Reviewers, rule: string | null, reviewer: Identity): void {
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
    `${nameOf(reviewer)} may not review for rule ${rule}; its reviewers: ${who.join(" or ")}`,
    "log in as one of them: hoopx login",
  );
}

function notAllowed(message: string, hint: string): DeskError {
  return new DeskError("review_not_allowed", message, hint);
}
