/**
 * Shapes: how secrets stand in text, for rules to be made of. A token speaks
 * for itself by its fixed beginning; a value without one is known only by the
 * name it is assigned to.
 */

/** A character that a token cannot go on with, or the text's end. */
export const ends = "(?![A-Za-z0-9_-])";
/** No character of a token stands right before. */
export const begins = "(?<![A-Za-z0-9_])";

/**
 * A value beside its name, as code, configuration files, URLs, headers and prose write it:
 * `NAME_key = "VALUE"`, `name.token: VALUE`, `"nameSecret" => 'VALUE'`. `names` and `value` are
 * expressions; for rules with `anyCase`, whose keywords are in the names.
 */
export function assigned(names: string, value: string): string {
  return (
    `(?:${names})[\\w.-]{0,32}["'\`)\\] \\t]{0,3}` +
    "(?:=|:|,|\\|\\||\\?=|%3[ad]| is | to )[=>]{0,2}[\"'`=(\\s]{0,6}" +
    `(?<secret>${value})(?![A-Za-z0-9_-])`
  );
}
