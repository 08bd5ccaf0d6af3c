/**
 * Generic pairs: a name and its value that stand apart: as two members of a
 * list (Kubernetes, Postman, Terraform), on the line below (YAML), behind a
 * space (Dockerfile), as what is taken if a variable is empty, in the next
 * cell, in an element of its own, in a table's column.
 */
import { valueEnds } from "../engine/edges.js";
import type { Rule } from "../engine/rule.js";
import { noSecretsBefore, passwordNames, tokenNames } from "./secret-names.js";
import { isBarePassword, isPassword, isToken, withoutBackslashes } from "./secret-values.js";

const lineEnds = "(?=[ \\t]{0,8}(?:[\\r\\n]|$))";
const quoted = (quote: string) =>
  `${quote}(?<secret>(?:[^${quote}\\\\\\n]|\\\\[^\\n]){4,512})${quote}`;
const bare = `(?<secret>[^\\s"'\`{}[\\],;<>&|$]{5,512})${valueEnds}`;
const line = `(?<secret>[^\\s"'\`{}[\\]#|>!&*-][^\\s]{4,255})${lineEnds}`;
const element = "(?<secret>[^<>\\s]{5,256})</";

/** Other members of the same object, between its name and its value. */
const members =
  "(?:[\"']?(?:type|enabled|secret|secure|sensitive|slot_?setting)[\"']?[ \\t]{0,2}[:=][ \\t]{0,2}[\"']?\\w{1,20}[\"']?,?\\s{0,24}){0,2}";

/** Between a member's name and its value. */
const member = `(?:["'\`],?\\s{0,24}|,?\\s{1,24})${members}["']?\\w{0,16}value["']?[ \\t]{0,4}[:=][ \\t]{0,4}`;
/** Taken if a variable is empty. */
const orElse = "[\"'`)\\]]{0,3}[ \\t]{0,4}(?:\\|\\||\\?\\?|\\?:|or)[ \\t]{0,4}";
/** Of a variable in Terraform. */
const byDefault = "[\"'][ \\t]{0,4}\\{[^{}]{0,240}default[ \\t]{0,16}=[ \\t]{0,4}";
/** A value with its type in YAML. */
const typed = "[\"']?[ \\t]{0,4}:[ \\t]{0,4}!!?\\w{1,12}[ \\t]{1,4}[\"']?";
const below = "[\"']?[ \\t]{0,4}:[ \\t]{0,4}(?:[|>][+-]?\\d?[ \\t]{0,4})?\\r?\\n[ \\t]{1,32}";
const nextCell =
  "(?<=(?:^\\|?|\\n\\|?|\\|[ \\t])[ \\t`*\"']{0,8}[\\w.-]{0,64})[`*\"']{0,3}[ \\t]{0,32}\\|[ \\t]{0,32}[`\"']?";
const cell = "(?<secret>[^\\s|\"'`]{5,128})(?=[`\"']?[ \\t]{0,32}(?:\\||[\\r\\n]|$))";
const nextElement = "(?:</\\w{1,16}>\\s{0,24}<\\w{0,16}(?:value|string)>|[\"'][^<>\\n]{0,80}>)";

/** One row for all that has the same form of a value: each is tried at every name. */
const pairs: readonly (readonly [about: string, rest: string])[] = [
  ["a value apart from its name, in quotes", `(?:${member}|${orElse}|${byDefault})${quoted('"')}`],
  ["a value apart from its name, in single quotes", `(?:${member}|${orElse})${quoted("'")}`],
  ["a value apart from its name, without quotes", `(?:${member}|${typed})${bare}`],
  ["a value on the line below its name", `${below}${line}`],
  ["a value in the cell behind its name", `${nextCell}${cell}`],
  ["a value in the element behind its name", `${nextElement}${element}`],
];

export const genericPairRules: readonly Rule[] = [
  ...pairs.flatMap(([about, rest]): readonly Rule[] => [
    {
      detector: "generic-password",
      about: `${about}: a password`,
      keywords: passwordNames,
      pattern: `[\\w.-]{3,64}${rest}`,
      anyCase: true,
      accept: (value) => isBarePassword(withoutBackslashes(value)),
    },
    {
      detector: "generic-secret",
      about: `${about}: a key or a token`,
      keywords: tokenNames,
      pattern: `${noSecretsBefore}[\\w.-]{3,64}(?: key)?${rest}`,
      anyCase: true,
      // Without a digit it may be the name of a type or of a member.
      accept: (value) => isToken(withoutBackslashes(value)) && /\d/.test(value),
    },
  ]),
  {
    detector: "generic-password",
    about: "a variable that a Dockerfile sets",
    keywords: ["PASSWORD", "PASSWD", "PASS", "PWD", "SECRET", "TOKEN", "API_KEY"],
    exact: true,
    pattern: `(?<=ENV[ \\t]{1,4}\\w{0,40})(?:PASSWORD|PASSWD|PASS|PWD|SECRET|TOKEN|API_KEY)\\w{0,24}[ \\t]{1,8}(?<secret>[^\\s"'=$]{5,256})${valueEnds}`,
    accept: isBarePassword,
  },
  {
    detector: "generic-password",
    about: "what a form's password field is filled with",
    keywords: ['password"', "password'"],
    pattern:
      "password[\"'](?:[ \\t]{1,4}[\\w-]{1,20}=[\"'][^\"'\\n<>]{0,64}[\"']){0,6}[ \\t]{1,4}value=[\"'](?<secret>[^\"'\\n<>]{4,128})[\"']",
    anyCase: true,
    accept: isPassword,
  },
  {
    detector: "generic-password",
    about: "a column of a table that is named a secret",
    keywords: ["passw", "passphrase", "pwd", "secret", "token", "api_key", "apikey", "api key"],
    pattern:
      "(?:(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_ ]?key)s?[\"'`* ]{0,24}[,;|\\t][ \\t]{0,24}[\"'`*]?[a-z_][^\\n]{0,200}" +
      "|(?<=[,;|\\t][ \\t\"'`*\\w-]{0,40})(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_ ]?key)s?[\"'`* ]{0,24}\\|?[ \\t]{0,4})\\r?\\n",
    anyCase: true,
    table: true,
  },
];
