/**
 * Generic assignments: values beside names that say they are secret, whoever
 * issued them, as code, configuration files, shells and mark-up assign them.
 * The name only says where to look; the value must look like a secret too.
 */
import { notBefore, notBehind, upTo } from "../edges.js";
import { isPlaceholder } from "../entropy.js";
import type { Rule } from "../rule.js";
import { isGivenPassword, isPassword, isToken, isWild } from "./secret-values.js";

const passwordNames = [
  "passw",
  "passphrase",
  "passcode",
  "pwd",
  "_pass",
  "dbpass",
  "-pass",
  "secret",
];
const tokenNames = [
  "token",
  "secret",
  "api_key",
  "apikey",
  "api-key",
  "api key",
  "access_key",
  "accesskey",
  "access-key",
  "private_key",
  "privatekey",
  "private-key",
  "auth_key",
  "authkey",
  "auth-key",
  "account_key",
  "accountkey",
  "account-key",
  "signing_key",
  "signingkey",
  "signing-key",
  "encryption_key",
  "encryptionkey",
  "encryption-key",
  "master_key",
  "masterkey",
  "master-key",
  "shared_key",
  "sharedkey",
  "service_key",
  "servicekey",
  "app_key",
  "appkey",
  "app-key",
  "license_key",
  "licensekey",
  "client_key",
  "storage_key",
  "admin_key",
  "security_key",
  "salt_key",
  "_salt",
  "x-auth",
  "_auth",
  "sessionid",
  "session_id",
  "consumer_key",
  "consumerkey",
];

/** Tokens that tell a page, or that a form was ours, are no secrets. */
const notOf =
  "(?<!srf[_-]?|authenticity[_-]?|next[_-]?|page[_-]?|continuation[_-]?|cancel(?:lation)?[_-]?)";
const tokens = tokenNames.map((name) => (name === "token" ? `${notOf}token` : name)).join("|");

/** The rest of a name after its telling word: `_for_prod`, `Key`, `s`, `[25]`, and a type. */
const rest = "(?:s?(?:[_.-][\\w.-]{0,40})?|[\\w]{0,32})(?:\\[[\\w'\"]{0,20}\\])?";
const type = "(?:[ \\t]{1,4}string|[ \\t]{0,2}:[ \\t]{0,2}string|\\?)?";
/** What joins a name and a quoted value. */
const joint =
  `\\\\{0,3}["'\`\\]]{0,2}${type}` +
  "(?:[ \\t]{0,8}(?:[.:=!?|+~-]{0,3}[=:>]|,|\\()[ \\t\\n]{0,8}|[ \\t]{1,8})[@rbuf]?\\\\{0,3}";

const wildNames = [...passwordNames, "api_key", "apikey", "private_key"];

const quotes = [
  { mark: '"', name: "double" },
  { mark: "'", name: "single" },
  { mark: "`", name: "back" },
] as const;

const quoted = quotes.flatMap(({ mark }): readonly Rule[] => [
  {
    detector: "generic-password",
    about: "a quoted value assigned to a password's name",
    keywords: passwordNames,
    pattern: `(?:${passwordNames.join("|")})${rest}${joint}${mark}(?<secret>[^${mark}\\\\\\n]{4,128})\\\\{0,3}${mark}`,
    anyCase: true,
    accept: isPassword,
  },
  {
    detector: "generic-secret",
    about: "a quoted value assigned to the name of a key or a token",
    keywords: tokenNames,
    pattern: `(?:${tokens})${rest}${joint}${mark}(?<secret>[^${mark}\\\\\\s]{10,512})\\\\{0,3}${mark}`,
    anyCase: true,
    accept: isToken,
  },
]);

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
      `(?<secret>[^\\s"'\`,;<>()]{5,128})${upTo("\"'`,;<>")}`,
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
    pattern: `(?:PASSWORD|PASSWD|PASS|PWD)=(?<secret>[^\\s"'\`,;<>(){}$%]{4,128})${upTo("")}`,
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
    pattern: `(?:${wildNames.join("|")})${rest}[ \\t]{0,4}(?::=|[=:])[ \\t]{0,4}(?<secret>[^\\s"'\`,;]{12,128})${upTo("\"'`,;")}`,
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
      `(?<secret>[^\\s"'\`<>$(){}]{8,256})${upTo("\"'`")}`,
    anyCase: true,
    accept: isPassword,
  },
];

export const genericAssignmentRules: readonly Rule[] = [...quoted, ...bare];

/** Without quotes a value may be code: it must be a token by its digits too. */
function isBareToken(value: string): boolean {
  return (
    isToken(value) &&
    /\d/.test(value) &&
    /\d.*\d.*\d|[A-Z].*[A-Z]/.test(value) &&
    !/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/.test(value)
  );
}

function isBarePassword(value: string): boolean {
  return (
    isPassword(value) && !/^[\w.]+\[|^[A-Za-z_$][\w$]*(?:\.[\w$]+)+$|^[|&!?*@/\\[{]/.test(value)
  );
}

function isNoStandIn(value: string): boolean {
  return !isPlaceholder(value);
}
