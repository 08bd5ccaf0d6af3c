/**
 * Identity handlers: logging in and out, and who is logged in. A login is a
 * stream: what to show the person comes as soon as the provider gave it; a
 * client that leaves before its end has given it up.
 */

import type { LoginWay } from "../../../contract/identity-requests.js";
import type { Identity } from "../../model/identity.js";
import { Secret } from "../../model/secret.js";
import type { OAuth } from "../../oauth/oauth.js";
import type { SignInRequest } from "../../oauth/sign-in.js";
import { ControlProblem, problemDocument } from "../control-problem.js";
import type { HandlersOf } from "../handler.js";
import { presentIdentity, presentSignedOut, presentWhoIs } from "../present.js";

export interface IdentityHandlersOptions {
  readonly oauth: OAuth;
  /** The problem an error of another room's stands for; undefined for a fault. */
  readonly problemOf: (error: unknown) => ControlProblem | undefined;
  readonly fault: (route: string, error: unknown) => void;
  /** Told of each identity that logged out, so that nothing is kept that its login gave. */
  readonly loggedOut: (identity: Identity) => void;
  /** Milliseconds that only go forward. */
  readonly monotonic: () => number;
}

/** Creates the handlers for identity. */
export function createIdentityHandlers(
  options: IdentityHandlersOptions,
): HandlersOf<"loginStart" | "whoami" | "logout"> {
  const { oauth, monotonic } = options;

  function problemFor(error: unknown): ControlProblem {
    const known = options.problemOf(error);
    if (known !== undefined) return known;
    options.fault("POST /v1/login", error);
    return new ControlProblem("fault", "something went wrong in the daemon", "hoopx daemon logs");
  }

  return {
    async loginStart({ body }) {
      const begun = await oauth.signIn({ ...body, way: wayOf(body.way) });
      return async (send, signal) => {
        if (begun.show !== undefined) await send(begun.show);
        try {
          const { claimed, upkeep } = await begun.finish(signal);
          const kept = upkeep.by === "refresh-token" ? upkeep.store : "memory";
          await send({ identity: presentIdentity(claimed.identity), kept });
        } catch (error) {
          if (signal.aborted) return;
          await send({ problem: problemDocument(problemFor(error)) });
        }
      };
    },

    async whoami({ body: { refresh, startedMsAgo = 0, ...choice } }) {
      const begunSince = monotonic() - startedMsAgo;
      return presentWhoIs(
        await oauth.whoami(choice, refresh === true ? { begunSince } : undefined),
      );
    },

    async logout({ body: { profile, all, forget = false } }) {
      const names = all === true ? await oauth.profileNames() : [profile ?? oauth.usualProfile];
      const views = [];
      for (const name of names) {
        const out = await oauth.signOut(name, { forget });
        if (out.identity !== null) options.loggedOut(out.identity);
        views.push(presentSignedOut(out));
      }
      return views;
    },
  };
}

/** What is secret in it is a Secret from here on. */
function wayOf(way: LoginWay): SignInRequest["way"] {
  if (way.kind === "id-token") return { ...way, token: new Secret(way.token) };
  if (way.kind === "github-actions") {
    return { ...way, requestToken: new Secret(way.requestToken) };
  }
  return way;
}
