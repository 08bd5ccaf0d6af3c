/**
 * Response calls: the tool calls in the events of a Responses stream. A call
 * begins with its item and is whole when the item is done; the sums at the end
 * repeat it, and are held to the policy as what they are. An event belongs to
 * a call by its place in the output, whatever its type, so that an event
 * not known yet is held with its item.
 */

import { isRecord, type JsonObject } from "../../formats/json/shapes.js";
import type { RemovedCalls, WholeCall } from "../tool-call-reader.js";
import { callsWithin, idOf, isCallType, itemCall } from "./call-shapes.js";
import { messageEvents, messageItem } from "./refused-call.js";

export interface SeenCalls {
  readonly calls: readonly string[];
  readonly whole: readonly WholeCall[];
  readonly last: boolean;
  readonly place: number | null;
  readonly abandoned?: readonly string[];
  /** The events in place of this one, undefined where there is no room for a message. */
  without(removed: RemovedCalls): readonly JsonObject[] | undefined;
}

/** With these the upstream ends a reply that is not finished, also in the middle of a call. */
const breaksOff = new Set([
  "response.incomplete",
  "response.failed",
  "response.cancelled",
  "error",
]);

/** Creates the reader of one stream's events. */
export function createResponseCalls(): (event: JsonObject) => SeenCalls {
  const items = new Set<string>();
  /** Calls that are begun and not done, with the provider's id of each. */
  const open = new Map<string, string>();

  return function read(event) {
    const { type, item } = event;
    const place = typeof event.output_index === "number" ? event.output_index : null;
    const broken = breaksOff.has(String(type));
    const last = broken || type === "response.completed";
    const abandoned = broken ? [...open.keys()] : [];
    if (isRecord(event.response)) {
      const isOpen = (one: JsonObject, at: number) => broken && isOpenItem(open, one, at);
      const seen = inSum(event, event.response, last, isOpen);
      return { ...seen, abandoned: [...abandoned, ...(seen.abandoned ?? [])] };
    }

    const key = `item ${event.output_index}`;
    const call = isRecord(item) ? itemCall(item) : undefined;
    const named = /_call(_|\.)/.test(String(type));
    if (call !== undefined || named) {
      if (!items.has(key)) open.set(key, "");
      if (isRecord(item) && idOf(item) !== "") open.set(key, idOf(item));
      items.add(key);
    }
    if (!items.has(key)) {
      // An item that is no call has none within either, as far as anybody knows.
      const hidden = callsWithin(event);
      const whole = hidden.map(({ id, call: found }, index) => ({
        key: `${key}.${index}`,
        id,
        call: found,
      }));
      const calls = whole.map((one) => one.key);
      const without = (removed: RemovedCalls) =>
        calls.some((one) => removed.has(one)) ? undefined : [event];
      return { calls, whole, last, place, abandoned, without };
    }
    const done = type === "response.output_item.done" && isRecord(item) && call !== undefined;
    if (done) open.delete(key);
    return {
      calls: [key],
      whole: done ? [{ key, id: idOf(item), call }] : [],
      last,
      place,
      without: (removed) => replaced(event, removed.get(key)),
    };
  };
}

/** Is this item of a sum a call that was begun and not done? By its id, where it has one; else by its place. */
function isOpenItem(open: ReadonlyMap<string, string>, item: JsonObject, place: number): boolean {
  const id = idOf(item);
  const here = open.get(`item ${place}`);
  return here === "" || (id === "" ? here !== undefined : [...open.values()].includes(id));
}

/** An event of a removed call: the message comes with the first, its end with the last. */
function replaced(event: JsonObject, text: string | null | undefined): readonly JsonObject[] {
  if (text === undefined) return [event];
  if (text === null) return [];
  const { type, item, output_index } = event;
  if (type === "response.output_item.added") return messageEvents(event, text);
  if (type !== "response.output_item.done" || !isRecord(item)) return [];
  return [{ ...event, item: messageItem(item, output_index, text) }];
}

/** An event that holds the whole response as far as it is. */
function inSum(
  event: JsonObject,
  response: JsonObject,
  last: boolean,
  isOpen: (item: JsonObject, place: number) => boolean,
): SeenCalls {
  const keyAt = (path: readonly (string | number)[]) => `sum ${event.type} ${path.join(".")}`;
  const output = Array.isArray(response.output) ? response.output : [];
  const abandoned = output.flatMap((item: unknown, place) =>
    isRecord(item) && isCallType(item.type) && isOpen(item, place)
      ? [keyAt(["output", place])]
      : [],
  );
  const found = callsWithin(response).map(({ path, id, call }) => ({ key: keyAt(path), id, call }));
  const whole = found.filter(({ key }) => !abandoned.includes(key));
  return {
    calls: found.map(({ key }) => key),
    whole,
    last: last || found.length > 0,
    place: null,
    abandoned,
    without(removed) {
      if (!found.some(({ key }) => removed.has(key))) return [event];
      const sum = withoutItems(response, removed, keyAt);
      return sum && [{ ...event, response: sum }];
    },
  };
}

/** A response without the removed calls; undefined where one stands outside its output. */
export function withoutItems(
  response: JsonObject,
  removed: RemovedCalls,
  keyAt: (path: readonly (string | number)[]) => string,
): JsonObject | undefined {
  const { output } = response;
  if (!Array.isArray(output)) return undefined;
  let told = 0;
  const items = output.flatMap((item: unknown, place) => {
    const text = removed.get(keyAt(["output", place]));
    if (text === undefined || !isRecord(item) || !isCallType(item.type)) return [item];
    told += 1;
    return text === null ? [] : [messageItem(item, place, text)];
  });
  const meant = callsWithin(response).filter(({ path }) => removed.has(keyAt(path)));
  return meant.length === told ? { ...response, output: items } : undefined;
}
