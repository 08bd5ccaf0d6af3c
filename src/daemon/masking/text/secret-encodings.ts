/**
 * Secret encodings: how a known secret stands in a reply that repeats it: as it is,
 * URL-encoded, and in base64 of a longer text, as of a header. In base64 it
 * stands in one of three ways, by how many characters are before it; of each
 * that part which is the secret's alone. A text that is too short to be a
 * secret has no encodings: local servers take keys such as `ollama`, and
 * hiding that word would damage every reply that says it.
 */
import { createLruCache } from "../../model/lru-cache.js";
import { shortestSecret } from "../../model/secret.js";

/** Lists of secrets whose encodings are remembered. */
const mostKnown = 64;

/** Creates a memory of encodings: a session asks for the same ones with each of its exchanges. */
export function createSecretEncodings(): (secrets: readonly string[]) => readonly string[] {
  const known = createLruCache<string, readonly string[]>(mostKnown);
  return (secrets) =>
    known.get(JSON.stringify(secrets), () => [...new Set(secrets.flatMap(encodingsOf))]);
}

/** The texts to hide; none for a text that is too short to be a secret. */
export function encodingsOf(secret: string): readonly string[] {
  if (secret.length < shortestSecret) return [];
  const inBase64 = [0, 1, 2].flatMap((before) => {
    const text = base64Within(secret, before);
    return [text, text.replaceAll("+", "-").replaceAll("/", "_")];
  });
  // Half of a character has no escape.
  const escaped = encodeURIComponent(Buffer.from(secret).toString());
  return [...new Set([secret, escaped, ...inBase64])];
}

/** Of the base64 of a text that has so many bytes before the secret: the characters that nothing else has a part in. */
function base64Within(secret: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const first = Math.ceil((before * 8) / 6);
  const last = Math.floor((bytes.length * 8) / 6);
  return bytes.toString("base64").slice(first, last);
}
