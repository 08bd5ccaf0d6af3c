/**
 * Printed credential: what a credential command may print. The JSON of aws's
 * `credential_process`, JSON with a token as cloud command lines print it, the
 * lines of a git credential helper, or a token alone. An end that is said but
 * cannot be read is an error: it would be no end.
 */
import type { Connection } from "../model/connection.js";
import { Secret } from "../model/secret.js";
import { milliseconds } from "./bearer.js";
import type { AwsKeys } from "./sigv4.js";
import { CredentialError } from "./source.js";

export type PrintedCredential =
  | { readonly kind: "token"; readonly token: Secret; readonly lifetime: number | undefined }
  | { readonly kind: "aws"; readonly keys: AwsKeys; readonly lifetime: number | undefined };

type Fields = Readonly<Record<string, unknown>>;

/** Reads a command's output; throws CredentialError, which repeats nothing of it. */
export function readPrinted(text: string, { name }: Connection, now: Date): PrintedCredential {
  const unreadable = (what: string) =>
    new CredentialError(
      `the credential command of connection ${name} printed ${what}`,
      "it must print a token, JSON with a token, a git credential, or the JSON of aws's credential_process",
    );

  function secret(value: unknown, what: string): Secret {
    if (typeof value === "string" && /^[\x21-\x7e]{1,32768}$/.test(value)) return new Secret(value);
    throw unreadable(`no ${what} that a header can carry`);
  }

  function lifetimeOf(relative: unknown, absolute: unknown): number | undefined {
    if (relative !== undefined) {
      const lifetime = milliseconds(relative);
      if (lifetime !== undefined) return lifetime;
      throw unreadable("an expiry that cannot be read");
    }
    if (absolute === undefined || absolute === null || absolute === "") return undefined;
    const seconds = milliseconds(absolute);
    const moment = seconds ?? Date.parse(String(absolute));
    if (Number.isNaN(moment)) throw unreadable("an expiry that cannot be read");
    return moment - now.getTime();
  }

  const plain = text.trim();
  if (plain.startsWith("{")) {
    const fields = jsonOf(plain);
    if (fields === undefined) throw unreadable("JSON that cannot be read");
    if (fields.AccessKeyId !== undefined) {
      return {
        kind: "aws",
        keys: {
          accessKeyId: secret(fields.AccessKeyId, "AccessKeyId").reveal(),
          secretAccessKey: secret(fields.SecretAccessKey, "SecretAccessKey"),
          sessionToken:
            fields.SessionToken === undefined || fields.SessionToken === null
              ? undefined
              : secret(fields.SessionToken, "SessionToken"),
        },
        lifetime: lifetimeOf(undefined, fields.Expiration),
      };
    }
    return {
      kind: "token",
      token: secret(fields.token ?? fields.access_token ?? fields.accessToken, "token"),
      lifetime: lifetimeOf(
        fields.expires_in ?? fields.expiresIn,
        fields.expires_on ?? fields.expires_at ?? fields.expiresAt ?? fields.expiresOn,
      ),
    };
  }
  const lines = plain.split(/\r?\n/);
  const attributes = new Map(
    lines.flatMap((line): [string, string][] => {
      const [, key, value] = /^([a-z_]+)(?:\[\])?=(.*)$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value]];
    }),
  );
  const password = attributes.get("password");
  if (password !== undefined) {
    const lifetime = lifetimeOf(undefined, attributes.get("password_expiry_utc"));
    return { kind: "token", token: secret(password, "password"), lifetime };
  }
  if (plain === "") throw unreadable("nothing");
  if (lines.length > 1) throw unreadable("several lines, none of them password=…");
  // RFC 6750, 2.1.
  if (!/^[A-Za-z0-9._~+/-]+=*$/.test(plain)) throw unreadable("something that is not a token");
  return { kind: "token", token: secret(plain, "token"), lifetime: undefined };
}

function jsonOf(text: string): Fields | undefined {
  try {
    return JSON.parse(text) as Fields;
  } catch {
    // The parser's error would quote the text.
    return undefined;
  }
}
