/**
 * Tools: the names of all that a request lets the model call. Functions and
 * custom tools by their name, hosted ones by their type: they run at the
 * provider, so the request is the only place where a policy can see them.
 */
import { isRecord, type JsonObject, recordsIn, textOf } from "../../formats/json/shapes.js";

/** A tool that the model may call. */
export interface DeclaredTool {
  readonly name: string;
  readonly hosted: boolean;
}

/** Names in the request's order. */
export function toolsOf(declared: readonly DeclaredTool[]): readonly string[] {
  return declared.map(({ name }) => name);
}

/** Those that run at the provider: what they do is never asked of the agent. */
export function hostedToolsOf(declared: readonly DeclaredTool[]): readonly string[] {
  return declared.filter(({ hosted }) => hosted).map(({ name }) => name);
}

/** Names that the API has, or had, for the same hosted tool. */
const sameTool: readonly (readonly string[])[] = [
  [
    ...["web_search", "web_search_2025_08_26"],
    ...["web_search_preview", "web_search_preview_2025_03_11"],
  ],
  ["computer", "computer_use", "computer_use_preview"],
  ["file_search", "retrieval"],
];

/** Of each declared tool that has other names: these; undefined where none has. */
export function otherNamesOf(
  declared: readonly DeclaredTool[],
): Readonly<Record<string, readonly string[]>> | undefined {
  let names: Record<string, readonly string[]> | undefined;
  for (const { name } of declared) {
    const same = sameTool.find((group) => group.includes(name));
    if (same === undefined) continue;
    names ??= {};
    names[name] = same.filter((other) => other !== name);
  }
  return names;
}

/** All tools that a request declares, in its order. */
export function declaredIn(fields: JsonObject): readonly DeclaredTool[] {
  const named = [
    ...recordsIn(fields.tools).flatMap(namesOf),
    // Chat completions before tools, and their hosted search.
    ...recordsIn(fields.functions).map((declared) => own(textOf(declared.name) || "function")),
  ];
  if (isRecord(fields.web_search_options)) named.push(hosted("web_search"));
  for (const item of recordsIn(fields.input)) {
    // Codex declares more tools on its way.
    if (item.type === "additional_tools") named.push(...recordsIn(item.tools).flatMap(namesOf));
  }
  if (isRecord(fields.session)) named.push(...recordsIn(fields.session.tools).flatMap(namesOf));
  return named;
}

const own = (name: string): DeclaredTool => ({ name, hosted: false });
const hosted = (name: string): DeclaredTool => ({ name, hosted: true });

/** Types whose calls the agent carries out, though the provider names them. */
const ranByTheAgent = new Set(["local_shell", "shell", "apply_patch", "computer_use_preview"]);

function namesOf(tool: JsonObject): readonly DeclaredTool[] {
  const type = textOf(tool.type);
  if (type === "namespace") return recordsIn(tool.tools).flatMap(namesOf);
  if (type === "mcp") return [hosted(`mcp:${textOf(tool.server_label)}`)];
  if (type !== "function" && type !== "custom" && type !== "") {
    return [{ name: type, hosted: !ranByTheAgent.has(type) }];
  }
  // Responses name a function beside its type, chat completions one level below.
  const declared = tool[type];
  const inner = isRecord(declared) ? textOf(declared.name) : "";
  // Where it has both, each API takes its own and leaves the other.
  const names = new Set([textOf(tool.name), inner].filter((name) => name !== ""));
  return names.size === 0 ? [own(type || "tool")] : [...names].map(own);
}
