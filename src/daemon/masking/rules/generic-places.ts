/**
 * Generic places: files, calls and sentences in which a password stands at a
 * place of its own: `.netrc`, `.npmrc`, Docker's settings,
 * constructors of credentials, and prose that tells one.
 */
import { notBefore, valueEnds } from "../engine/edges.js";
import type { Rule } from "../engine/rule.js";
import { isGivenPassword, isPassword, isToken } from "./secret-values.js";

const value = "[^\\s\"'`<>(){}$]{3,128}";

export const genericPlaceRules: readonly Rule[] = [
  {
    detector: "netrc-password",
    about: "a password in a .netrc file",
    keywords: ["machine ", "default "],
    pattern: `(?:machine[ \\t]{1,4}[^\\s]{1,128}|default)\\s{1,16}login\\s{1,8}[^\\s]{1,128}\\s{1,16}password\\s{1,8}(?<secret>[^\\s]{1,128})`,
    anyCase: true,
    accept: (secret) => !/^(?:<.*>|\$.*|\*+|x+)$/i.test(secret),
  },
  {
    detector: "package-registry-auth",
    about: "credentials of a package registry or a container registry",
    keywords: ["_auth", "_password", '"auth"'],
    pattern: `(?:_authToken|_auth|_password|"auth")[ \\t]{0,4}[=:][ \\t]{0,4}"?(?<secret>[A-Za-z0-9+/_.-]{8,2048}={0,2})${notBefore("\\w+/=.-")}`,
    accept: isToken,
  },
  {
    detector: "generic-password",
    about: "a password as an argument of a credential's constructor",
    keywords: ["networkcredential", "usernamepasswordcredential", "pscredential", "directoryentry"],
    pattern: `(?:networkcredential|usernamepasswordcredential|pscredential)[ \\t]{0,4}\\([ \\t]{0,4}["'][^"'\\n]{1,128}["'][ \\t]{0,4},[ \\t]{0,4}["'](?<secret>[^"'\\n]{2,128})["']`,
    anyCase: true,
  },
  {
    detector: "generic-password",
    about: "a user as an argument of a credential's constructor",
    keywords: ["networkcredential", "directoryentry"],
    pattern: `(?:networkcredential|directoryentry)[ \\t]{0,4}\\([ \\t]{0,4}["'](?<secret>[^"'\\n]{2,128}["'][ \\t\\n]{0,16},[ \\t\\n]{0,16}["'][^"'\\n]{2,128}(?:["'][ \\t\\n]{0,16},[ \\t\\n]{0,16}["'][^"'\\n]{2,128})?)["'][ \\t]{0,4}\\)`,
    anyCase: true,
  },
  {
    detector: "generic-password",
    about: "a password in an XML setting",
    keywords: ["key=", "key =", 'name="'],
    pattern:
      '(?:key[ \\t]{0,4}=[ \\t]{0,4}"[\\w.:-]{0,64}(?:token|connectionstring|password|passwd|pwd|secret|apikey)|name="[\\w.:-]{0,64}(?:password|passwd|pwd|secret|apikey))[\\w.:-]{0,64}"[ \\t]{1,8}value[ \\t]{0,4}=[ \\t]{0,4}"(?<secret>[^"\\n]{4,512})"',
    anyCase: true,
    accept: (secret) =>
      secret.length >= 8 &&
      !/^(?:true|false|x+|\*+|\$.*|%.*%|\{.*|.*(?:your|example).*)$/i.test(secret),
  },
  {
    detector: "generic-password",
    about: "a password in an XML element",
    keywords: ["password>", "passwd>", "secret>", "token>", "apikey>", "api_key>", "passphrase>"],
    pattern:
      "(?:password|passwd|secret|token|apikey|api_key|passphrase)>(?<secret>[^<>\\s]{5,256})</",
    anyCase: true,
    accept: isPassword,
  },
  {
    detector: "generic-password",
    about: "a password told in prose, in quotes",
    keywords: ["password "],
    pattern:
      "password(?: for (?:the )?(?:user(?:name)?|account|admin)? ?[\"'`]?[^\\s\"'`]{0,64}[\"'`]?)? (?:is|was|will be)(?: now)?:? [\"'`](?<secret>[^\"'`\\s]{4,128})[\"'`]",
    anyCase: true,
    accept: isGivenPassword,
  },
  {
    detector: "generic-secret",
    about: "a key or a token told in prose",
    keywords: ["token is", "key is", "secret is", "token was", "key was", "secret was"],
    pattern: `(?:[Tt]oken|[Kk]ey|KEY|[Ss]ecret) (?:is|was)(?: now)?:? (?<secret>[A-Z0-9][A-Za-z0-9+/_.~-]{11,512}={0,2})${notBefore("\\w=+/.~(\\[{-")}`,
    accept: (secret) => isToken(secret) && /\d/.test(secret),
  },
  {
    detector: "generic-secret",
    about: "a key or a token told in prose, in quotes",
    keywords: ["token is", "key is", "secret is", "token was", "key was", "secret was"],
    pattern:
      "(?:token|key|secret) (?:is|was)(?: now)?:? [\"'`]{1,3}(?<secret>[A-Za-z0-9+/_.~-]{10,512}={0,2})[\"'`]",
    anyCase: true,
    accept: isToken,
  },
  {
    detector: "generic-password",
    about: "a password told in prose",
    keywords: ["password is", "password was", "passphrase is", "passphrase was"],
    pattern: `(?:password|passphrase) (?:is|was):? (?<secret>${value})${valueEnds}`,
    anyCase: true,
    accept: isMixed,
  },
  {
    detector: "generic-password",
    about: "a password beside a user in a build's credentials",
    keywords: ["username", "user"],
    pattern: `user(?:name)?[ \\t]{1,4}["'][^"'\\n]{1,64}["']\\s{1,16}password[ \\t]{1,4}["'](?<secret>[^"'\\n$]{3,128})["']`,
    anyCase: true,
  },
  {
    detector: "generic-password",
    about: "a user's name beside a password",
    keywords: ["user", "login"],
    pattern:
      "(?:user(?:[_ -]?name)?|login)[\"']?[ \\t]{0,4}[:=][ \\t]{0,4}[\"'](?<secret>[^\"'\\n\\s(){}$]{3,64})[\"'],?[ \\t]{0,8}\\n?(?:[ \\t]{0,8}(?:#|//)[^\\n]{0,80}\\n){0,3}[ \\t]{0,16}[\"']?[\\w-]{0,16}pass(?:word|wd)?[\"']?[ \\t]{0,4}[:=][ \\t]{0,4}[\"'][^\"'\\n\\s(){}$]{2,40}[\\d!@#$%^&*?][^\"'\\n\\s(){}$]{0,40}[\"']",
    anyCase: true,
    accept: isUser,
  },
  {
    detector: "generic-password",
    about: "a user's name above a password in a settings file",
    keywords: ["user", "login"],
    pattern: `(?:user(?:[_-]?name)?|login)[ \\t]{0,4}=[ \\t]{0,4}(?<secret>[^"'\\n\\s(){}$;,]{3,64})[ \\t]{0,4}\\n(?:[ \\t]{0,8}(?:#|//)[^\\n]{0,80}\\n){0,3}[\\w-]{0,32}pass(?:word|wd)?[ \\t]{0,4}=[ \\t]{0,4}[^"'\\n\\s(){}$;,]{3,64}${valueEnds}`,
    anyCase: true,
    accept: isUser,
  },
  {
    detector: "generic-password",
    about: "a password below a user's name in a settings file",
    keywords: ["user", "login"],
    pattern: `(?:user(?:[_-]?name)?|login)[ \\t]{0,4}=[ \\t]{0,4}[^"'\\n\\s(){}$;,]{3,64}[ \\t]{0,4}\\n(?:[ \\t]{0,8}(?:#|//)[^\\n]{0,80}\\n){0,3}[\\w-]{0,32}pass(?:word|wd)?[ \\t]{0,4}=[ \\t]{0,4}(?<secret>[^"'\\n\\s(){}$;,]{3,64})${valueEnds}`,
    anyCase: true,
    accept: isGivenPassword,
  },
];

/** Unquoted in a sentence: letters, figures and signs together, as in no word. */
function isMixed(secret: string): boolean {
  const bare = secret.replace(/[.,;:!?]$/, "");
  if (!isGivenPassword(bare) || !isPassword(bare)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[!@#$%^&*?+=~|]/].filter((kind) =>
    kind.test(bare),
  ).length;
  return kinds >= 3;
}

/** Not a stand-in for a name; the name alone would not be hidden. */
function isUser(name: string): boolean {
  return !/^(?:user(?:name)?|name|root|admin|string|null|undefined|<.*>|\[.*\]|x+)$|\$\{|\{\{|your/i.test(
    name,
  );
}
