/**
 * Generic headers: what HTTP carries a credential in, and the shapes that are
 * the same for every issuer. RFC 7617 (Basic), RFC 6750 (Bearer), RFC 7519 (JWT).
 */
import { notBefore, valueEnds } from "../engine/edges.js";
import { isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { isGivenPassword, isToken } from "./secret-values.js";

export const genericHeaderRules: readonly Rule[] = [
  {
    detector: "authorization-header",
    about: "credentials in an authorization header",
    keywords: ["authorization"],
    pattern:
      "authorization(?:[^\\n]{0,16}(?:basic|bearer)|[\"']?[ \\t]{0,4}[:=,][ \\t]{0,4}[\"'`]?(?:token|api-?token|apikey|api-key|digest|negotiate|hoba|key|splunk|genie-?key|sso-key))" +
      `[ \\t]{1,4}["']?(?<secret>[A-Za-z0-9_+/-][A-Za-z0-9._~+/:=-]{6,4096})${notBefore("A-Za-z0-9._~+/-")}`,
    anyCase: true,
    accept: isHeaderValue,
  },
  {
    detector: "authorization-header",
    about: "a bare value in an authorization header",
    keywords: ["authorization:", 'authorization":'],
    pattern: `authorization["']?:[ \\t]{0,4}["']?(?<secret>[A-Za-z0-9._~+/-]{16,2048}={0,2})${notBefore("\\w.~+/ -")}`,
    anyCase: true,
    accept: isToken,
  },
  {
    detector: "bearer-token",
    about: "a bearer token outside a header",
    keywords: ["bearer"],
    // After the word in a sentence comes a word in small letters, which must not be waited for.
    pattern: `(?:[Bb]earer|BEARER)[ \\t:]{0,4}["']?(?<secret>(?:[A-Z0-9_.~+/-]|[a-z]{1,2}[A-Z0-9_.~+/-])[A-Za-z0-9._~+/-]{14,4096}={0,2})${notBefore("\\w.~+/-")}`,
    accept: (value) => isToken(value) && /\d/.test(value),
  },
  {
    detector: "authorization-header",
    about: "a key in a header of its own",
    keywords: ["-key:", "-token:", "-secret:", "-auth:"],
    // The key of a WebSocket's opening is a random number that both sides see (RFC 6455 11.3.1).
    pattern: `(?<!sec-websocket)-(?:key|token|secret|auth):[ \\t]{0,4}["']?(?<secret>[^\\s"'\`<>$(){}…]{7,1024}[^\\s"'\`<>$(){}…:])${valueEnds}`,
    anyCase: true,
    accept: isToken,
  },
  {
    detector: "session-cookie",
    about: "a session in a cookie",
    keywords: ["cookie"],
    pattern:
      "cookie[\"']?[:=][ \\t]{0,4}[^\\n\"']{0,256}(?:sess|sid|auth|token|jwt)[\\w.-]{0,32}=(?<secret>[^\\s;,\"'`]{12,4096})",
    anyCase: true,
    accept: isToken,
  },
  {
    detector: "curl-password",
    about: "a user and a password given to curl",
    keywords: ["-u ", '-u"', "-u'", "--user ", "--user=", "--proxy-user "],
    pattern: `-(?:u|-user|-proxy-user)(?:[ \\t]{1,4}|=)?["']?(?<secret>[^\\s"'\`<>:{$}()[\\]]{2,64}["']?:["']?[^\\s"'<>{}()[\\]]{0,128})${valueEnds}`,
    accept: isUserAndPassword,
  },
  {
    detector: "jwt",
    about: "a JSON web token",
    keywords: ["eyJ"],
    exact: true,
    pattern:
      "eyJ[A-Za-z0-9_-]{10,2048}(?:\\.eyJ[A-Za-z0-9_/+-]{8,3800}(?:\\.[A-Za-z0-9_/+-]{0,2048}={0,2})?|\\.[A-Za-z0-9_/+-]{8,3800}\\.[A-Za-z0-9_/+-]{0,2048}={0,2})",
    accept: (value) => value.length >= 32,
  },
  {
    detector: "private-key",
    about: "a private key block in base64",
    keywords: ["LS0tLS1CRUdJTi"],
    exact: true,
    pattern: "LS0tLS1CRUdJTi[A-Za-z0-9+/_-]{40,7900}={0,2}",
    accept: (value) =>
      /PRIVATE KEY|PuTTY/.test(Buffer.from(value.slice(0, 120), "base64").toString("latin1")),
  },
  {
    detector: "jwt",
    about: "a JSON web token in base64",
    keywords: ["ZXlK"],
    exact: true,
    pattern: "ZXlK[A-Za-z0-9+/_-]{40,7900}={0,2}",
  },
];

/** Anything but a word or a stand-in: `Basic auth`, `Bearer token`. */
function isHeaderValue(value: string): boolean {
  return (
    !isPlaceholder(value) &&
    !/^[a-z]+$|^\.{3}|realm|^[A-Za-z]+(?:[:=-][A-Za-z]+)*$(?<![A-Z][a-z]*[A-Z]\w*)/.test(value)
  );
}

/** `name:password`, and not the numbers of a user and a group, nor a port. */
function isUserAndPassword(value: string): boolean {
  if (value.includes("://")) return false;
  const [user = "", ...rest] = value.replace(/["']/g, "").split(":");
  const password = rest.join(":");
  if (/^\d+$/.test(user) || /^(?:user(?:name)?|login|name|me)$/i.test(user))
    return isToken(password);
  if (password === "") return isToken(user) || /\d.*[!@#$%^&*]/.test(user);
  return (
    isGivenPassword(password) &&
    user.toLowerCase() !== password.toLowerCase() &&
    !/^[x*]+$/i.test(user) &&
    !/^\d{1,5}$/.test(password)
  );
}
