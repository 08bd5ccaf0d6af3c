/**
 * Sockets: what a WebSocket of the OpenAI API is opened for. The published
 * specification has none of them. They are not carried yet; the record says
 * what was asked for.
 */
import type { Action } from "../../model/operation.js";
import type { RequestHead } from "../provider.js";
import { inference } from "./operation-row.js";

const sockets = [
  inference("responses.create", "GET /responses"),
  inference("realtime.connect", "GET /realtime"),
];

/** The action that messages on such a WebSocket ask for; undefined for a path that takes none. */
export function recogniseSocket({ path }: RequestHead): Action | undefined {
  return sockets.find(({ template }) => template === path)?.action;
}
