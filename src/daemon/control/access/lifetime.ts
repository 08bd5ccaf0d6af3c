/**
 * Lifetime: how long a connection's credential lives, in words, from what its
 * source really got. A token that lives for weeks is not called short-lived,
 * and one whose issuer names no end is not said to have one.
 */
import type { Credential } from "../../credentials/source.js";
import type { CredentialKind } from "../../model/credential-config.js";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `permanent key`, `short-lived, 59 min`, `short-lived, not obtained yet`. */
export function lifetimeText(
  kind: CredentialKind,
  credential: Credential | undefined,
  now: Date,
): string {
  if (kind === "static-key") return "permanent key";
  if (credential === undefined) return "short-lived, not obtained yet";
  if (credential.expiresAt === undefined) return "of unknown lifetime";
  const left = credential.expiresAt.getTime() - now.getTime();
  if (left <= 0) return "short-lived, expired";
  return left > 2 * day ? `long-lived, ${spanOf(left)}` : `short-lived, ${spanOf(left)}`;
}

/** What is sure to be left: never more than there is, and never all of it. */
function spanOf(left: number): string {
  const whole = (unit: number) => Math.floor((left - 1) / unit);
  if (left <= minute) return `${whole(1000)} s`;
  if (left < 2 * hour) return `${whole(minute)} min`;
  return left < 2 * day ? `${whole(hour)} h` : `${whole(day)} days`;
}
