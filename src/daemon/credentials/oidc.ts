/**
 * OIDC: the login's own access token for a given audience, for gateways that
 * speak OIDC themselves. The upstream sees the person, no service account.
 */
import type { SubjectTokens } from "../model/subject-token.js";
import { claim, createBearer } from "./bearer.js";
import { type CredentialSource, configOf } from "./source.js";

export interface OidcOptions {
  readonly subjects: SubjectTokens;
  readonly now: () => Date;
}

/** Creates the source that yields the login's access token. */
export function createOidcSource({ subjects, now }: OidcOptions): CredentialSource {
  return {
    async obtain(connection, identity, signal, rejected) {
      const { audience, scope } = configOf(connection, "oidc");
      const need = {
        kind: "access_token",
        ...(audience !== undefined && { audience }),
        ...(scope !== undefined && { scope }),
        // The one that the upstream refused is no answer.
        ...(rejected !== undefined && { fresh: true }),
      } as const;
      const { token, expiresAt } = await subjects.obtain(identity, need, signal);
      return createBearer({
        connection,
        token,
        lifetime: expiresAt === null ? undefined : expiresAt.getTime() - now().getTime(),
        seenAs: claim(token, "email", "sub") ?? identity.email ?? identity.subject,
        now,
      });
    },
  };
}
