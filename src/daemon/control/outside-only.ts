/**
 * Outside only: what a process inside a run may not ask of the control API
 * (SECURITY A3). An agent may look, and may start runs of its own below its
 * own; whatever widens what it may do, or says who it is, is a person's.
 */
import type { RouteName } from "../../contract/routes.js";

/** Each with what a process inside a run would gain by it. */
export const outsideOnly: { readonly [Name in RouteName]?: string } = {
  reviewsApprove: "an agent may not approve what it asks for",
  reviewsDeny: "answers are a person's",
  reviewsReveal: "what is hidden is for a person's eyes",
  grantsRevoke: "grants are a person's to take back",
  connectionsAdd: "a connection to anywhere would carry what the agent sends",
  connectionsRotate: "a key of the agent's own would be used",
  connectionsDefault: "runs would get another connection than the person chose",
  connectionsRemove: "a connection is a person's to remove",
  recordPrune: "an agent may not take out of the record what it did",
  recordAccept: "an agent may not say that a record it altered is the right one",
  unlock: "a passphrase of the agent's own would seal the keys to come",
  sessionsImport: "a past of the agent's own making would stand in the record",
  loginStart: "an agent may not say who it is",
  logout: "a login is a person's to end",
  daemonStop: "a daemon of the agent's own could take its place",
};
