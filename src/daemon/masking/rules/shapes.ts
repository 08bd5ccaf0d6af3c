/**
 * Shapes: how secrets stand in text, for rules to be made of. A token speaks
 * for itself by its fixed beginning; a value without one is known only by the
 * name it is assigned to.
 */
import { ends } from "../engine/edges.js";

/** A UUID; in upper case too for rules with `anyCase`. */
export const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/**
 * The rest of a name and what closes it; a declared type: `name: string =`, `name string =`. No
 * character can be read as part of two of these: a long row of spaces would be tried in each way.
 */
const named =
  "(?:[\\w. \\t-]{0,39}[\\w.-])?[ \\t]{0,56}(?:(?:[\"'`)\\]\\\\*]|[^\\S \\t])[\"'`)\\]\\\\*\\s]{0,7}[ \\t]{0,8})?" +
  "(?:: ?&?(?:str|string|final\\[str\\])[ \\t]{0,8})?";
const operator = "(?:=|:|>|\\|\\||\\?=|\\.=|\\+=|->|%3[ad])[=>:-]{0,3}";
/** Arguments of a call, items of a list; prose has no closing before its comma, and a space after. */
const listed = "(?:[\"'`)\\]][ \\t]{0,4},|,(?![ \\t]))";
/** An `env:` entry of YAML, `<add key="…" value="…">`, a property list's two elements. */
const pair = "\\s{1,24}value[\"']?[ \\t]?[:=]|</key>\\s{0,24}<string>";
/** Said in prose or given to a flag; the name has to say what it is. */
const said = "(?:key|token|secret|password|passwd)[\"'`*]{0,3}(?: is:?|[ \\t])";

/**
 * A value beside its name, as code, configuration files, URLs, headers and prose write it:
 * `NAME_key = "VALUE"`, `name.token: VALUE`, `"nameSecret" => 'VALUE'`. `names` and `value` are
 * expressions; for rules with `anyCase`, whose keywords are in the names. Prose that only has
 * the name in it is not held for what might be a value.
 */
export function assigned(names: string, value: string): string {
  const before = `${named}(?:${operator}|${pair})|[\\w. \\t-]{0,24}(?:${listed}|${said})`;
  return `(?:${names})(?:${before})["'\`=(\\[\\\\*\\s]{0,24}` + `(?<secret>${value})${ends}`;
}
