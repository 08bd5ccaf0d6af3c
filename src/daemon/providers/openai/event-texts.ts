/**
 * Event texts: which texts stand in an event of a stream, and where. Whatever
 * stands in a `delta`, however deep and in whatever event, is a piece of a
 * logical text (piece-names.ts), named by its place: the output item and part,
 * the choice, the call; whatever the API is known to say again later is a
 * repeat of it. All other texts stand alone.
 */
import { type JsonNode, memberOf } from "../../formats/json/tree.js";
import type { PieceText } from "../text-reader.js";
import { openaiJson } from "./non-text-members.js";
import { isPiece, placeWithin } from "./piece-names.js";

export interface PlacedText extends PieceText {
  /** Of the literal, or the member's value, in the event's data. */
  readonly start: number;
  readonly end: number;
  /** What stands there once the text is not what it was; absent: the text as a literal. */
  readonly instead?: string;
}

export interface EventTexts {
  readonly texts: readonly PlacedText[];
  /** Names of members that were written with escapes, as they read. */
  readonly names: readonly string[];
  readonly ends: readonly string[];
  /** The API says nothing more in this reply. */
  readonly last: boolean;
}

/** How a part of a message, or a call, is named in the events that brought it. */
const partBases: Readonly<Record<string, string>> = {
  output_text: "output_text",
  refusal: "refusal",
  reasoning_text: "reasoning_text",
  summary_text: "reasoning_summary_text",
  audio: "audio_transcript",
  output_audio: "output_audio_transcript",
};
const callBases: Readonly<Record<string, string>> = {
  function_call: "function_call_arguments",
  mcp_call: "mcp_call_arguments",
  custom_tool_call: "custom_tool_call_input",
  code_interpreter_call: "code_interpreter_call_code",
};

/** Where a walk is, and what the strings below it are. */
interface Way {
  readonly role: PieceText["role"];
  readonly of: string;
  readonly name: string;
  readonly within: string;
  /** The logical text of the event that a piece deeper in it belongs to. */
  readonly own?: string;
}

const alone: Way = { role: "whole", of: "", name: "", within: "" };

/** The texts of an event; `named` is the name that the stream gives it. */
export function eventTexts(event: JsonNode, named: string): EventTexts {
  const texts: PlacedText[] = [];
  const names: string[] = [];
  const object = named.startsWith("thread.") ? named : stringOf(event, "object");
  const type = stringOf(event, "type") || object || named;
  const scope = scopeOf(event, type);
  const place = scope + placeOf(event, type);
  const base = type
    .replace(/^response\./, "")
    .replace(/\.(?:delta|done|completed)$/, "")
    .replaceAll(".", "_");
  const own = `${place}${base}|`;
  const ends = endedBy(event, type, scope, place, own);

  for (const { key, node } of event.members ?? []) {
    const name = key.value;
    nameOf(key);
    const way = { ...alone, name, within: type, own };
    if (name === "choices" && node.items !== undefined) choices(node.items);
    else if (name === "delta") walk(node, { ...way, role: "delta", of: own });
    else if (name === "response") response(node, way);
    else if (name === "item") item(node, `${scope}o${itemOf(event, type)}|`, way);
    else if (name === "part") part(node, place, way);
    else if (name === "logprobs" && type.endsWith(".delta")) {
      walk(node, { ...way, role: "delta", of: own });
    } else if (isPiece(name, type)) walk(node, { ...way, role: "delta", of: `${own}${name}|` });
    else if (type.endsWith(".done") && node.value !== undefined) {
      walk(node, { ...way, role: "repeat", of: own });
    } else walk(node, way);
  }
  return { texts, names, ends, last: isLast(event, type) };

  function choices(list: readonly JsonNode[]): void {
    for (const [at, choice] of list.entries()) {
      const of = `choice ${indexOf(choice, at)}|`;
      const before = texts.length;
      for (const { key, node } of choice.members ?? []) {
        const name = key.value;
        nameOf(key);
        const goesOn = name === "text" || name === "logprobs" || isPiece(name, "choices");
        const role = goesOn ? "delta" : "whole";
        const own = `${of}${name}|`;
        walk(node, { role, of: goesOn ? own : "", name, within: "choices", own });
      }
      // Some upstreams write an empty reason, or one and the same, into each chunk: a text that
      // goes on in it is not over, and would be read as two.
      if (stringOf(choice, "finish_reason") !== "" && texts.length === before) ends.push(of);
    }
  }

  function response(node: JsonNode, way: Way): void {
    for (const { key, node: member } of node.members ?? []) {
      nameOf(key);
      const name = key.value;
      if (name === "output" && member.items !== undefined) {
        for (const [at, one] of member.items.entries()) item(one, `${scope}o${at}|`, way);
      } else walk(member, { ...way, name, within: "response" });
    }
    if (node.members === undefined) walk(node, way);
  }

  function item(node: JsonNode, at: string, way: Way): void {
    const kind = stringOf(node, "type");
    for (const { key, node: member } of node.members ?? []) {
      nameOf(key);
      const name = key.value;
      const call = callBases[kind];
      if ((name === "content" || name === "summary") && member.items !== undefined) {
        for (const [index, one] of member.items.entries()) {
          part(one, `${at}${name[0]}${index}|`, { ...way, name });
        }
      } else if (call !== undefined && /^(?:arguments|input|code)$/.test(name)) {
        walk(member, { role: "repeat", of: `${at}|${call}|`, name, within: kind });
      } else walk(member, { ...way, name, within: kind || way.name });
    }
    if (node.members === undefined) walk(node, way);
  }

  function part(node: JsonNode, at: string, way: Way): void {
    const kind = stringOf(node, "type");
    const of = partBases[kind];
    for (const { key, node: member } of node.members ?? []) {
      nameOf(key);
      const name = key.value;
      const says = of !== undefined && /^(?:text|refusal|transcript)$/.test(name);
      if (says) walk(member, { role: "repeat", of: `${at}${of}|`, name, within: kind });
      else walk(member, { ...way, name, within: kind || way.name });
    }
    if (node.members === undefined) walk(node, way);
  }

  /** All strings below a node. */
  function walk(node: JsonNode, way: Way): void {
    const { value, items, members, start, end } = node;
    if (typeof value === "string") {
      if (value === "" || openaiJson.passes(way.name, value, way.within)) return;
      texts.push({ role: way.role, text: value, of: way.of, name: nameIn(way), start, end });
      return;
    }
    if (openaiJson.spells(way.name) && (items ?? members) !== undefined) {
      const text = openaiJson.spelled(parsedOf(node));
      if (text !== "") {
        const { role, of } = way;
        const instead = items === undefined ? "null" : "[]";
        // What a repeat spells is looked at on its own: no text of deltas is that.
        const spelling =
          role === "delta" ? { role, of: `${of}#` } : { role: "whole" as const, of: "" };
        texts.push({ ...spelling, text, name: "", start, end, instead });
        return;
      }
    }
    const goesOn = way.role === "delta";
    for (const [at, one] of (items ?? []).entries()) {
      walk(one, goesOn ? { ...way, of: `${way.of}${indexOf(one, at)}|` } : way);
    }
    const kind = members === undefined ? "" : stringOf(node, "type");
    const own = way.own === undefined || goesOn ? undefined : `${way.own}${way.name}|`;
    for (const { key, node: member } of members ?? []) {
      nameOf(key);
      const name = key.value;
      const within = kind || way.name;
      if (own !== undefined && isPiece(name, kind)) {
        walk(member, {
          role: "delta",
          of: `${own}${kind}${placeWithin(node)}|${name}|`,
          name,
          within,
        });
        continue;
      }
      const of = goesOn ? `${way.of}${name}|` : way.of;
      // What hangs on a repeated text is no repeat of it.
      const role = way.role === "repeat" ? "whole" : way.role;
      walk(member, { role, of, name, within, ...(own && { own }) });
    }
  }

  /** A name stays as it is; one with escapes in it does not stand in the bytes as it reads. */
  function nameOf({ value, start, end }: JsonNode & { readonly value: string }): void {
    if (end - start !== value.length + 2) names.push(value);
  }
}

const nameIn = ({ name }: Way): string => (openaiJson.plainName(name) ? "" : name);

/**
 * Which response an event belongs to, where one connection carries several at once: only the
 * Realtime API's events say it, and its `response.done`.
 */
function scopeOf(event: JsonNode, type: string): string {
  const response = memberOf(event, "response");
  const id =
    memberOf(event, "response_id") ??
    (type === "response.done" && response ? memberOf(response, "id") : undefined);
  return typeof id?.value === "string" ? `${id.value}:` : "";
}

/** What an event is about: the place of an output item, an id where it has none. */
function itemOf(event: JsonNode, type: string): string {
  const said = (name: string) => memberOf(event, name)?.value;
  const id = type.startsWith("thread.") ? said("id") : undefined;
  return String(said("output_index") ?? said("item_id") ?? said("index") ?? id ?? "");
}

/** Prefix of the names of all logical texts at an event's place. */
function placeOf(event: JsonNode, type: string): string {
  const said = (name: string) => memberOf(event, name)?.value;
  const item = itemOf(event, type);
  const summary = said("summary_index");
  const part = said("content_index") ?? summary;
  return `o${item}|${part === undefined ? "" : (summary === undefined ? "c" : "s") + part}|`;
}

const lasts =
  /^(?:response\.(?:completed|incomplete|failed)|error|transcript\.text\.done|speech\.audio\.done)$/;

/** True of an event after which SDKs read no more: the reply's end, or an error in its place. */
function isLast(event: JsonNode, type: string): boolean {
  // Chat completions have no types: their error is a member.
  const isError = memberOf(event, "error")?.members !== undefined;
  return lasts.test(type) || (isError && stringOf(event, "type") === "");
}

const sums =
  /^(?:response\.(?:completed|incomplete|failed|done|cancelled)|error|done|thread\.run\.(?:completed|failed|cancelled|expired|incomplete))$/;

function endedBy(
  event: JsonNode,
  type: string,
  scope: string,
  place: string,
  own: string,
): string[] {
  if (sums.test(type)) return [scope];
  if (type.endsWith("output_item.done")) {
    return [`${scope}o${memberOf(event, "output_index")?.value}|`];
  }
  if (type.endsWith("part.done")) return [place];
  // ChatKit names the item that is over in it.
  if (type.endsWith("item.done")) {
    return [`${scope}o${memberOf(memberOf(event, "item"), "id")?.value ?? ""}|`, own];
  }
  return type.endsWith(".done") || type.endsWith(".completed") ? [own] : [];
}

function indexOf(node: JsonNode, at: number): number | string {
  const index = memberOf(node, "index")?.value;
  return typeof index === "number" ? index : at;
}

function stringOf(node: JsonNode, name: string): string {
  const value = memberOf(node, name)?.value;
  return typeof value === "string" ? value : "";
}

/** The node as a parsed value. */
function parsedOf({ value, items, members }: JsonNode): unknown {
  if (items !== undefined) return items.map(parsedOf);
  if (members === undefined) return value;
  return Object.fromEntries(members.map(({ key, node }) => [key.value, parsedOf(node)]));
}
