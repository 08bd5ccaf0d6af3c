/**
 * Recognise: method and path → action, or undefined for what the API does not
 * have. Fails closed: the segments' number is exact, a literal never gives way
 * to a parameter (so `GET /threads/runs` is unknown, not a thread named runs),
 * and an escape may stand only where a parameter does and only for a character
 * that needs one. Otherwise the provider could read another operation out of
 * the same bytes (`/threads/%72uns`).
 */
import type { Action } from "../../model/operation.js";
import type { RequestHead } from "../provider.js";
import { adminOperations } from "./admin-operations.js";
import { inference, type OperationRow } from "./operation-row.js";
import { operations } from "./operations.js";

interface Place {
  readonly literals: Map<string, Place>;
  parameter: Place | undefined;
  readonly actions: Map<string, Action>;
}

const newPlace = (): Place => ({ literals: new Map(), parameter: undefined, actions: new Map() });

const root = treeOf([...operations, ...adminOperations]);

/** The action of a request; HEAD is the read that GET is. */
export function recognise({ method, path }: RequestHead): Action | undefined {
  const action = actionOf(method, path);
  if (action === undefined || !/%2f/i.test(path)) return action;
  // A provider that decodes before it looks must not find another operation: `/files/a%2Fcontent`.
  return placeOf(path.replaceAll(/%2f/gi, "/")) === undefined ? action : undefined;
}

function actionOf(method: string, path: string): Action | undefined {
  return placeOf(path)?.actions.get(method === "HEAD" ? "GET" : method);
}

/** Where a path leads, whatever the method; undefined: nowhere. */
function placeOf(path: string): Place | undefined {
  if (path[0] !== "/") return undefined;
  let place: Place = root;
  for (let start = 1; ; ) {
    const slash = path.indexOf("/", start);
    const segment = slash === -1 ? path.slice(start) : path.slice(start, slash);
    const next = place.literals.get(segment) ?? parameterOf(place, segment);
    if (next === undefined) return undefined;
    place = next;
    if (slash === -1) return place.actions.size === 0 ? undefined : place;
    start = slash + 1;
  }
}

/** Escapes of letters, digits, `-`, `.`, `_` and `~`: RFC 3986 2.3 advises against them. */
const needlessEscape = /%(?:2[de]|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/i;

function parameterOf(place: Place, segment: string): Place | undefined {
  if (segment === "" || (segment.includes("%") && needlessEscape.test(segment))) return undefined;
  return place.parameter;
}

function treeOf(rows: readonly OperationRow[]): Place {
  const top = newPlace();
  for (const { method, template, action } of rows) {
    let place = top;
    for (const segment of template.slice(1).split("/")) {
      if (segment.startsWith("{")) {
        place.parameter ??= newPlace();
        place = place.parameter;
      } else {
        const next = place.literals.get(segment) ?? newPlace();
        place.literals.set(segment, next);
        place = next;
      }
    }
    place.actions.set(method, action);
  }
  return top;
}

/**
 * What a WebSocket is opened for. The published specification has none of them. They are not
 * carried yet; the record says what was asked for.
 */
const sockets = [
  inference("responses.create", "GET /responses"),
  inference("realtime.connect", "GET /realtime"),
];

/** The action that messages on such a WebSocket ask for; undefined for a path that takes none. */
export function recogniseSocket({ path }: RequestHead): Action | undefined {
  return sockets.find(({ template }) => template === path)?.action;
}
