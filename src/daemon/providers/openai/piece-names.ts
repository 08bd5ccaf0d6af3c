/**
 * Piece names: which members of an event are pieces of a text that goes on in
 * the next event. The API says so by their name or by the event's type; kinds
 * of events that are not known yet will do the same. A piece that were taken
 * for a whole text would pass with half of a secret in it.
 */
import { type JsonNode, memberOf } from "../../formats/json/tree.js";

/** `delta`, `text_delta`, `argumentsDelta`, `partial_json`. */
const pieceName = /delta|^partial/i;
/** `response.shell_call_command.delta`, `assistant_message.content_part.text_delta`. */
const pieceType = /(?:^|[._])delta$/;
/** What each of these events says of itself again. */
const structural =
  /(?:^|_)(?:ids?|index|type|object|name|role|status|model|tier|fingerprint|obfuscation|number|at)$/i;

/** Is a member of this name a piece, in an event or a part of one that says this type? */
export function isPiece(name: string, type: string): boolean {
  return pieceName.test(name) || (pieceType.test(type) && !structural.test(name));
}

/** Numbers, and ids that stay the same from event to event. */
const places = /(?:^|_)index$|_id$/;
const ofTheEvent = /^(?:event|sequence|request|trace)_/;

/** Where in a larger text an object's pieces belong: `content_index`, `component_id`. */
export function placeWithin(node: JsonNode): string {
  return (node.members ?? [])
    .map(({ key }) => key.value)
    .filter((name) => places.test(name) && !ofTheEvent.test(name))
    .map((name) => `,${name}=${memberOf(node, name)?.value}`)
    .join("");
}
