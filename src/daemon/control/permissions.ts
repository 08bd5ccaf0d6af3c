/**
 * Permissions: what a caller of the control API may be permitted, and which
 * permission each route needs (SECURITY A3). An agent may look, and may start
 * runs of its own below its own run. Whatever widens what it may do, or says
 * who it is, is a person's.
 */
import type { RouteName } from "../../contract/routes.js";

/** Every caller has these, an agent inside a run too. */
export const everyonesPermissions = [
  /** See the record, the settings and what runs; try a policy or the masking on a text. */
  "read",
  /** Have one request sent with a connection's credential; it has a row in the record. */
  "test-connections",
  /** From inside a run, with no more than that run has. */
  "start-sessions",
  /** Lease and end the session that this very process started, and no other one. */
  "hold-own-session",
  "revoke-sessions",
] as const;

/** Only callers outside of all runs have these. */
export const outsidersPermissions = [
  "answer-reviews",
  "see-hidden-text",
  "change-grants",
  "change-connections",
  "change-logins",
  "unlock-secrets",
  /** Prune it, import into it, accept one that was altered. */
  "change-record",
  "stop-daemon",
] as const;

export type Permission =
  | (typeof everyonesPermissions)[number]
  | (typeof outsidersPermissions)[number];

interface OpenRoute {
  readonly permission: (typeof everyonesPermissions)[number];
  readonly gain?: undefined;
}

interface OutsidersRoute {
  readonly permission: (typeof outsidersPermissions)[number];
  /** What an agent would gain by it; said to one that is refused. */
  readonly gain: string;
}

const read: OpenRoute = { permission: "read" };
const changeConnections = (gain: string): OutsidersRoute => ({
  permission: "change-connections",
  gain,
});

/** A route without its line does not compile. */
export const routePermissions: { readonly [Name in RouteName]: OpenRoute | OutsidersRoute } = {
  daemonStatus: read,
  daemonStop: {
    permission: "stop-daemon",
    gain: "a daemon of the agent's own could take its place",
  },
  unlock: {
    permission: "unlock-secrets",
    gain: "a passphrase of the agent's own would seal the keys to come",
  },
  checkup: read,

  loginStart: { permission: "change-logins", gain: "an agent may not say who it is" },
  whoami: read,
  logout: { permission: "change-logins", gain: "a login is a person's to end" },

  connectionsList: read,
  connectionsShow: read,
  connectionsCheckNew: read,
  connectionsCheckKey: read,
  connectionsTest: { permission: "test-connections" },
  connectionsAdd: changeConnections("a connection to anywhere would carry what the agent sends"),
  connectionsRotate: changeConnections("a key of the agent's own would be used"),
  connectionsDefault: changeConnections("runs would get another connection than the person chose"),
  connectionsRemove: changeConnections("a connection is a person's to remove"),

  sessionsStart: { permission: "start-sessions" },
  sessionsLease: { permission: "hold-own-session" },
  sessionsEnd: { permission: "hold-own-session" },
  sessionsRevoke: { permission: "revoke-sessions" },
  sessionsList: read,
  sessionsShow: read,
  replayShow: read,

  reviewsList: read,
  reviewsShow: read,
  reviewsApprove: {
    permission: "answer-reviews",
    gain: "an agent may not approve what it asks for",
  },
  reviewsDeny: { permission: "answer-reviews", gain: "answers are a person's" },
  reviewsReveal: {
    permission: "see-hidden-text",
    gain: "what is hidden is for a person's eyes",
  },
  grantsList: read,
  grantsRevoke: { permission: "change-grants", gain: "grants are a person's to take back" },

  policyShow: read,
  policyCheck: read,
  policyExplain: read,
  policyTest: read,
  policySuggest: read,
  mask: read,

  exchangesOutside: read,
  exchangesList: read,
  conversation: read,
  exchangeFrames: read,
  events: read,
  sessionsExport: read,
  sessionsImport: {
    permission: "change-record",
    gain: "a past of the agent's own making would stand in the record",
  },
  recordVerify: read,
  recordPrune: {
    permission: "change-record",
    gain: "an agent may not take out of the record what it did",
  },
  recordAccept: {
    permission: "change-record",
    gain: "an agent may not say that a record it altered is the right one",
  },
};
