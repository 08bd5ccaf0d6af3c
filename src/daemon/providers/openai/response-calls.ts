/**
 * Response calls: the tool calls in the events of a Responses stream. A call
 * begins with its item and is whole when the item is done; the sums at the end
 * repeat it, and are held to the policy as what they are. An event belongs to
 * a call by its place in the output, whatever its type, so that an event
 * nobody has seen yet is held with its item.
 */
import type { WholeCall } from "../tool-call-reader.js";
import { callsWithin, idOf, isCallType, itemCall } from "./call-shapes.js";
import { isRecord, type JsonObject } from "./json.js";
import { messageEvents, messageItem } from "./refused-call.js";

export interface SeenCalls {
  readonly calls: readonly string[];
  readonly whole: readonly WholeCall[];
  readonly last: boolean;
  readonly place: number | null;
  /** The events in place of this one, undefined where there is no room for a message. */
  without(denied: ReadonlyMap<string, string>): readonly JsonObject[] | undefined;
}

const ends = new Set(["response.completed", "response.incomplete", "response.failed", "error"]);

/** Creates the reader of one stream's events. */
export function createResponseCalls(): (event: JsonObject) => SeenCalls {
  const items = new Set<string>();

  return function read(event) {
    const { type, item } = event;
    const place = typeof event.output_index === "number" ? event.output_index : null;
    const last = ends.has(String(type));
    if (isRecord(event.response)) return inSum(event, event.response, last);

    const key = `item ${event.output_index}`;
    const call = isRecord(item) ? itemCall(item) : undefined;
    const named = /_call(_|\.)/.test(String(type));
    if (call !== undefined || named) items.add(key);
    if (!items.has(key)) {
      // An item that is no call has none within either, as far as anybody knows.
      const hidden = callsWithin(event);
      const whole = hidden.map(({ id, call: found }, index) => ({
        key: `${key}.${index}`,
        id,
        call: found,
      }));
      const calls = whole.map((one) => one.key);
      const without = (denied: ReadonlyMap<string, string>) =>
        calls.some((one) => denied.has(one)) ? undefined : [event];
      return { calls, whole, last, place, without };
    }
    const done = type === "response.output_item.done" && isRecord(item) && call !== undefined;
    return {
      calls: [key],
      whole: done ? [{ key, id: idOf(item), call }] : [],
      last,
      place,
      without: (denied) => replaced(event, denied.get(key)),
    };
  };
}

/** An event of a denied call: the message comes with the first, its end with the last. */
function replaced(event: JsonObject, text: string | undefined): readonly JsonObject[] {
  if (text === undefined) return [event];
  const { type, item, output_index } = event;
  if (type === "response.output_item.added") return messageEvents(event, text);
  if (type !== "response.output_item.done" || !isRecord(item)) return [];
  return [{ ...event, item: messageItem(item, output_index, text) }];
}

/** An event that holds the whole response as far as it is. */
function inSum(event: JsonObject, response: JsonObject, last: boolean): SeenCalls {
  const found = callsWithin(response);
  const keyAt = (path: readonly (string | number)[]) => `sum ${event.type} ${path.join(".")}`;
  const whole = found.map(({ path, id, call }) => ({ key: keyAt(path), id, call }));
  return {
    calls: whole.map(({ key }) => key),
    whole,
    last: last || whole.length > 0,
    place: null,
    without(denied) {
      if (!whole.some(({ key }) => denied.has(key))) return [event];
      const sum = withoutItems(response, denied, keyAt);
      return sum && [{ ...event, response: sum }];
    },
  };
}

/** A response with messages in place of denied calls; undefined where one stands outside its output. */
export function withoutItems(
  response: JsonObject,
  denied: ReadonlyMap<string, string>,
  keyAt: (path: readonly (string | number)[]) => string,
): JsonObject | undefined {
  const { output } = response;
  if (!Array.isArray(output)) return undefined;
  let told = 0;
  const items = output.map((item: unknown, place) => {
    const text = denied.get(keyAt(["output", place]));
    if (text === undefined || !isRecord(item) || !isCallType(item.type)) return item;
    told += 1;
    return messageItem(item, place, text);
  });
  const meant = callsWithin(response).filter(({ path }) => denied.has(keyAt(path)));
  return meant.length === told ? { ...response, output: items } : undefined;
}
