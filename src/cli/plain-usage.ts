/**
 * Plain usage: commander's sentences about a command line that it does not
 * understand, in our words: the option or argument, what it takes, and what it
 * was given where that cannot be a key in the wrong place.
 */
import { notThis } from "./parse.js";

export interface PlainUsage {
  readonly message: string;
  readonly suggestion: string | undefined;
}

/** Each of commander's sentences that a person can come to see. */
const sentences: readonly (readonly [RegExp, (...parts: readonly string[]) => string])[] = [
  [/^unknown option '(-[^'=]*)(?:=.*)?'$/s, (option) => `unknown option ${option}`],
  [/^unknown command '([a-z][a-z-]{0,15})'$/, (name) => `unknown command ${name}`],
  [/^unknown command /, () => "unknown command"],
  [
    /^option '([^']*)' argument '(.*)' is invalid\. Allowed choices are (.*?)\.?$/s,
    (flags, given, choices) => `${longFlag(flags)} takes one of ${choices}${notThis(given)}`,
  ],
  [
    /^command-argument value '(.*)' is invalid for argument '(.+)'\. Allowed choices are (.*?)\.?$/s,
    (given, name, choices) => `${name} is one of ${choices}${notThis(given)}`,
  ],
  [
    /^option '([^']*?)(?: ?(<[^>]*>))?' argument missing$/,
    (flags, value) => `${longFlag(flags)} needs a value${value === "" ? "" : `: ${value}`}`,
  ],
  [/^missing required argument '(.+)'$/, (name) => `the argument <${name}> is missing`],
  [/^too many arguments/, () => "too many arguments"],
];

/** One sentence, lower case, no full stop. */
export function plainUsage(said: string): PlainUsage {
  const [first = "", second = ""] = said.replace(/^error: /, "").split("\n");
  const suggestion = /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(second)?.[1];
  for (const [form, plain] of sentences) {
    const found = form.exec(first);
    if (found !== null) {
      return { message: plain(...found.slice(1).map((part) => part ?? "")), suggestion };
    }
  }
  return { message: "the command line cannot be understood", suggestion };
}

/** `--lines` of `-n, --lines <number>`. */
function longFlag(flags = ""): string {
  return /--[a-z-]+/.exec(flags)?.[0] ?? flags;
}
