/**
 * Tools: the names of all that a request lets the model call. Functions and
 * custom tools by their name, hosted ones by their type: they run at the
 * provider, so the request is the only place where a policy can see them.
 */
import { isRecord, type JsonObject, recordsIn, textOf } from "./json.js";

/** Names in the request's order. */
export function toolsOf(fields: JsonObject): readonly string[] {
  const names = [
    ...recordsIn(fields.tools).flatMap(namesOf),
    // Chat completions before tools, and their hosted search.
    ...recordsIn(fields.functions).map((declared) => textOf(declared.name) || "function"),
  ];
  if (isRecord(fields.web_search_options)) names.push("web_search");
  for (const item of recordsIn(fields.input)) {
    // Codex declares more tools on its way.
    if (item.type === "additional_tools") names.push(...recordsIn(item.tools).flatMap(namesOf));
  }
  if (isRecord(fields.session)) names.push(...recordsIn(fields.session.tools).flatMap(namesOf));
  return names;
}

function namesOf(tool: JsonObject): readonly string[] {
  const type = textOf(tool.type);
  if (type === "namespace") return recordsIn(tool.tools).flatMap(namesOf);
  if (type === "mcp") return [`mcp:${textOf(tool.server_label)}`];
  if (type !== "function" && type !== "custom" && type !== "") return [type];
  // Responses name a function beside its type, chat completions one level below.
  const declared = tool[type];
  return [textOf(tool.name) || (isRecord(declared) ? textOf(declared.name) : "") || type || "tool"];
}
