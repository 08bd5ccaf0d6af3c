/**
 * Generic assignments: values beside names that say they are secret, of any
 * issuer, as code, configuration files, shells and mark-up assign them.
 * The name only says where to look; the value must look like a secret too.
 */
import { notBefore, notBehind, valueEnds } from "../engine/edges.js";
import { isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { passwordNames, tokenNames, tokens } from "./secret-names.js";
import {
  isBarePassword,
  isGivenPassword,
  isPassword,
  isToken,
  isWholePassword,
  isWild,
  withoutBackslashes,
} from "./secret-values.js";

/** The rest of a name after its telling word: `_for_prod`, `Key`, `s`, `[25]`, and a type. */
const rest = "(?:s?(?:[_.-][\\w.-]{0,40})?|[\\w]{0,32})(?:\\[[\\w'\"]{0,20}\\])?";
const type = "(?:[ \\t]{1,4}string|[ \\t]{0,2}:[ \\t]{0,2}string|\\?)?";
/** What joins a name and a quoted value. */
const joint =
  `\\\\{0,3}["'\`\\]]{0,2}${type}` +
  "(?:[ \\t]{0,8}(?:[.:=!?|+~-]{0,3}[=:>]|,|\\()[ \\t\\n]{0,8}|[ \\t]{1,8})[@rbuf$]?";

const wildNames = [...passwordNames, "api_key", "apikey", "private_key"];

const quotes = [
  { mark: '"', name: "double" },
  { mark: "'", name: "single" },
  { mark: "`", name: "back" },
] as const;

/** A character of a value in quotes, or an escape: `\\"` does not end it. */
const inQuotes = (mark: string) => `(?:[^${mark}\\\\\\n]|\\\\[^\\n])`;

/** An expression tells what a token may be. */
const characterClass = /\[[^\]]*(?:a-z|0-9)/i;

const quoted = quotes.flatMap(({ mark }): readonly Rule[] => [
  {
    detector: "generic-password",
    about: "a quoted value assigned to a password's name",
    keywords: passwordNames,
    pattern: `(?:${passwordNames.join("|")})${rest}${joint}${mark}(?<secret>${inQuotes(mark)}{4,128})${mark}`,
    anyCase: true,
    accept: (value) => isPassword(withoutBackslashes(value)),
  },
  {
    detector: "generic-secret",
    about: "a quoted value assigned to the name of a key or a token",
    keywords: tokenNames,
    pattern: `(?:${tokens})${rest}${joint}${mark}(?<secret>(?:[^${mark}\\\\\\s]|\\\\[^\\s]){10,512})${mark}`,
    anyCase: true,
    accept: (value) => isToken(withoutBackslashes(value)) && !characterClass.test(value),
  },
  // In a text that is a quoted value itself.
  {
    detector: "generic-password",
    about: "a value in escaped quotes, assigned to a password's name",
    keywords: passwordNames,
    pattern: `(?:${passwordNames.join("|")})${rest}${joint}\\\\{1,3}${mark}(?<secret>[^${mark}\\\\\\n]{4,128})\\\\{1,3}${mark}`,
    anyCase: true,
    accept: isPassword,
  },
  {
    detector: "generic-secret",
    about: "a value in escaped quotes, assigned to the name of a key or a token",
    keywords: tokenNames,
    pattern: `(?:${tokens})${rest}${joint}\\\\{1,3}${mark}(?<secret>[^${mark}\\\\\\s]{10,512})\\\\{1,3}${mark}`,
    anyCase: true,
    accept: isToken,
  },
]);

/** The name begins a word of its own: what follows may go on to the next space, or to the line's end. */
const alone = "(?<![^\\s\\w.-][\\w.-]{0,40})";
/** A value without quotes: signs and escaped spaces are in it, but for those that end a statement. */
const unquoted =
  "(?<secret>(?:[^\\s\"'`\\\\]|\\\\[^\\n])(?:[^\\s\\\\]|\\\\[^\\n]){2,126}[^\\s\\\\;,)])";

/** As environment and settings files have them: a value goes on to its line's end, whatever is in it. */
const whole: readonly Rule[] = [
  {
    detector: "generic-password",
    about: "a password with signs that goes on to its line's end",
    keywords: passwordNames,
    pattern: `${alone}(?:${passwordNames.join("|")})${rest}[ \\t]{0,4}(?::=|[=:])[ \\t]{0,4}${unquoted}(?=[;,]?[ \\t]{0,16}(?:[\\r\\n]|$))`,
    anyCase: true,
    accept: isWholePassword,
  },
  {
    detector: "generic-password",
    about: "a password with signs in an environment variable",
    keywords: ["PASSWORD", "PASSWD", "PASS", "PWD"],
    exact: true,
    pattern: `${alone}(?:PASSWORD|PASSWD|PASS|PWD)[A-Z0-9_]{0,24}=${unquoted}(?=[;,)]?(?:\\s|$))`,
    accept: isWholePassword,
  },
  ...['"', "'"].map(
    (quote): Rule => ({
      detector: "generic-password",
      about: "a password in an environment variable, name and value in quotes",
      keywords: ["PASSWORD", "PASSWD", "PASS", "PWD"],
      exact: true,
      pattern: `(?<=${quote}\\w{0,40})(?:PASSWORD|PASSWD|PASS|PWD)[A-Z0-9_]{0,24}=(?<secret>${inQuotes(quote)}{4,128})${quote}`,
      accept: isWholePassword,
    }),
  ),
  // A value that is looked at by itself comes behind its name like that, and with no quote behind.
  {
    detector: "generic-password",
    about: "a password that is a text of its own, behind its name",
    keywords: passwordNames,
    pattern: `(?<=(?<![^])"[\\w.-]{0,40})(?:${passwordNames.join("|")})[\\w.-]{0,40}":"(?<secret>[^\\n]{4,128})$`,
    anyCase: true,
    accept: isPassword,
  },
  {
    detector: "generic-secret",
    about: "a key or a token that is a text of its own, behind its name",
    keywords: tokenNames,
    pattern: `(?<=(?<![^])"[\\w.-]{0,40})(?:${tokens})[\\w.-]{0,40}":"(?<secret>[^"\\s]{10,512})$`,
    anyCase: true,
    accept: isToken,
  },
  {
    detector: "generic-password",
    about: "a password that another is held against",
    keywords: passwordNames,
    pattern: `(?:${passwordNames.join("|")})\\w{0,32}\\.(?:equals|equalsIgnoreCase|compareTo)\\("(?<secret>${inQuotes('"')}{4,128})"\\)`,
    anyCase: true,
    accept: isPassword,
  },
  {
    detector: "generic-password",
    about: "a password in braces, as ODBC has it",
    keywords: ["pwd=", "password="],
    pattern: "(?<=;[ \\t]?)(?:pwd|password)=\\{(?<secret>[^{}\\s]{4,128})\\}",
    anyCase: true,
    accept: isGivenPassword,
  },
  {
    detector: "generic-password",
    about: "a default password that a sentence tells",
    keywords: ["default password"],
    pattern:
      "default password (?:(?:for|of|on) [\\w.@ -]{1,40})(?: is|:) [\"'`]?(?<secret>[^\\s\"'`<>(){}]{4,64}[^\\s\"'`<>(){}.,;:!?…])",
    anyCase: true,
    accept: isPassword,
  },
  {
    detector: "generic-password",
    about: "a password in three quotes",
    keywords: passwordNames,
    pattern: `(?:${passwordNames.join("|")})${rest}${joint}"""(?<secret>(?:[^"\\\\\\n]|\\\\[^\\n]|"(?!"")){4,128})"""`,
    anyCase: true,
    accept: isPassword,
  },
];

/** Without quotes a value ends where a token cannot go on. */
const bare: readonly Rule[] = [
  {
    detector: "generic-secret",
    about: "a value without quotes, assigned to the name of a key or a token",
    keywords: tokenNames,
    pattern:
      `(?:${tokens})${rest}["'\`\\]]{0,2}[ \\t]{0,8}(?:[.:=!?|+~-]{0,3}[=:>]|%3D)[ \\t\\n]{0,8}` +
      `(?<secret>[A-Za-z0-9+/_.~-]{12,512}={0,2})${notBefore("\\w=+/.~(\\[{-")}`,
    anyCase: true,
    accept: isBareToken,
  },
  {
    detector: "generic-password",
    about: "a value without quotes, assigned to a password's name",
    keywords: passwordNames,
    pattern:
      `(?:${passwordNames.join("|")})${rest}[ \\t]{0,4}(?::=|[=:])[ \\t]{0,4}` +
      `(?<secret>[^\\s"'\`,;<>()]{5,128})${valueEnds}`,
    anyCase: true,
    accept: isBarePassword,
  },
  {
    detector: "generic-password",
    about: "a quoted value assigned to a name that is short for password",
    keywords: ["pass"],
    pattern: `${notBehind("A-Za-z")}pass["'\`]?[ \\t]{0,4}(?:[:=]|=>|:=)[ \\t]{0,4}["'](?<secret>[^"'\\n\\s]{5,128})["']`,
    anyCase: true,
    accept: isPassword,
  },
  {
    detector: "generic-password",
    about: "a password in an environment file",
    keywords: ["PASSWORD", "PASSWD", "PASS", "PWD"],
    exact: true,
    pattern: `(?:PASSWORD|PASSWD|PASS|PWD)=(?<secret>[^\\s"'\`,;<>(){}$%]{4,128})${valueEnds}`,
    accept: isGivenPassword,
  },
  {
    detector: "generic-secret",
    about: "a UUID assigned to a name that only secrets have",
    keywords: [
      "client_secret",
      "clientsecret",
      "api_key",
      "apikey",
      "api-key",
      "secret_key",
      "secretkey",
      "access_token",
      "accesstoken",
      "auth_token",
      "api_token",
      "apitoken",
      "password",
    ],
    pattern:
      "(?:client_?secret|api[_-]?key|secret_?key|access_?token|auth_token|api_?token|password)[\"'`\\]]{0,2}[ \\t]{0,8}(?:=|:|:=|=>|->|,)[ \\t]{0,8}[\"'`]?" +
      `(?<secret>[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})${notBefore("\\w-")}`,
    anyCase: true,
    accept: isNoStandIn,
  },
  {
    detector: "generic-secret",
    about: "credentials that are one long value",
    keywords: ["credential"],
    pattern:
      "credentials?[\"'`]?[ \\t]{0,4}(?:[:=]|=>)[ \\t]{0,4}[\"'`](?<secret>[A-Za-z0-9+/_.-]{24,512}={0,2})[\"'`]",
    anyCase: true,
    accept: isToken,
  },
  {
    detector: "generic-password",
    about: "a password full of signs, without quotes",
    keywords: wildNames,
    pattern: `(?:${wildNames.join("|")})${rest}[ \\t]{0,4}(?::=|[=:])[ \\t]{0,4}(?<secret>[^\\s"'\`,;]{12,128})${valueEnds}`,
    anyCase: true,
    accept: isWild,
  },
  {
    detector: "generic-secret",
    about: "a secret given as an option of a command",
    keywords: [
      "--token",
      "--password",
      "--api-key",
      "--apikey",
      "--secret",
      "--access-token",
      "--client-secret",
      "--auth",
    ],
    pattern:
      "--(?:token|password|api-?key|secret|access-token|client-secret|auth(?:-token)?)[\\w-]{0,16}(?:=|[ \\t]{1,4})[\"'`]?" +
      `(?<secret>[^\\s"'\`<>$(){}]{8,256})${valueEnds}`,
    anyCase: true,
    accept: isPassword,
  },
];

export const genericAssignmentRules: readonly Rule[] = [...quoted, ...whole, ...bare];

/** Without quotes a value may be code: it must be a token by its digits too. */
function isBareToken(value: string): boolean {
  return (
    isToken(value) &&
    /\d/.test(value) &&
    /\d.*\d.*\d|[A-Z].*[A-Z]/.test(value) &&
    !/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/.test(value)
  );
}

function isNoStandIn(value: string): boolean {
  return !isPlaceholder(value);
}
