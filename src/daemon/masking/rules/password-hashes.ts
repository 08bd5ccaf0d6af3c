/**
 * Password hashes: what crypt(3), directories and network log-ons keep of a
 * password. Each says its own algorithm, and each can be guessed offline.
 */
import { notBefore } from "../engine/edges.js";
import type { Rule } from "../engine/rule.js";

const salted = "[./A-Za-z0-9]";

export const passwordHashRules: readonly Rule[] = [
  hash("bcrypt", ["$2a$", "$2b$", "$2x$", "$2y$"], `\\$2[abxy]\\$\\d\\d\\$${salted}{53}`),
  hash("MD5 crypt", ["$1$", "$apr1$"], `\\$(?:1|apr1)\\$${salted}{1,8}\\$${salted}{22}`),
  hash("SHA-256 crypt", ["$5$"], `\\$5\\$(?:rounds=\\d{1,9}\\$)?${salted}{1,16}\\$${salted}{43}`),
  hash("SHA-512 crypt", ["$6$"], `\\$6\\$(?:rounds=\\d{1,9}\\$)?${salted}{1,16}\\$${salted}{86}`),
  hash(
    "yescrypt or scrypt",
    ["$y$", "$7$", "$gy$"],
    `\\$(?:g?y|7)\\$${salted}{2,32}\\$${salted}{1,86}\\$${salted}{43}`,
  ),
  hash("Cisco type 8 or 9", ["$8$", "$9$"], `\\$[89]\\$${salted}{8,16}\\$${salted}{43}`),
  hash(
    "Argon2",
    ["$argon2"],
    "\\$argon2(?:id|i|d)\\$(?:v=\\d{1,4}\\$)?m=\\d{1,9},t=\\d{1,6},p=\\d{1,4}\\$[A-Za-z0-9+/]{8,88}\\$[A-Za-z0-9+/]{16,128}",
  ),
  hash(
    "scrypt, as passlib and Werkzeug write it",
    ["scrypt"],
    "\\$?scrypt[$:]ln=\\d{1,2},r=\\d{1,3},p=\\d{1,3}\\$[A-Za-z0-9+/]{8,88}\\$[A-Za-z0-9+/]{32,128}|scrypt:\\d{1,9}:\\d{1,3}:\\d{1,3}\\$[A-Za-z0-9]{8,32}\\$[0-9a-f]{64,128}",
  ),
  hash(
    "PBKDF2, as Django, passlib and Werkzeug write it",
    ["pbkdf2"],
    "\\$?pbkdf2[:_-]sha(?:1|256|512)[:$]\\d{1,9}\\$[A-Za-z0-9./+]{4,64}\\$[A-Za-z0-9./+=]{27,128}",
  ),
  hash("phpass", ["$P$", "$H$"], `\\$[PH]\\$${salted}{31}${notBefore("./A-Za-z0-9")}`),
  hash(
    "LDAP salted SHA",
    ["{SSHA", "{SHA"],
    "\\{S?SHA(?:256|384|512)?\\}[A-Za-z0-9+/]{27,128}={0,2}",
  ),
  hash("Kerberos ticket", ["$krb5"], "\\$krb5(?:asrep|tgs|pa)\\$\\d{1,2}\\$[^\\s\"'`]{32,4096}"),
  // Without what the client adds to the challenge, its answer cannot be guessed at.
  hash("NetNTLM answer", [":0101000000000000"], ":(?<secret>0101000000000000[0-9A-Fa-f]{16,1024})"),
  hash(
    "Windows password dump",
    ["aad3b435b51404eeaad3b435b51404ee:"],
    "aad3b435b51404eeaad3b435b51404ee:(?<secret>[0-9A-Fa-f]{32})",
  ),
];

function hash(name: string, keywords: readonly string[], pattern: string): Rule {
  return {
    detector: "password-hash",
    about: `a password's hash: ${name}`,
    keywords,
    exact: true,
    pattern,
  };
}
