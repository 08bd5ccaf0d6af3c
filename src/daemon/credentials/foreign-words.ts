/**
 * Foreign words: what an endpoint says of an error, made fit for ours. It may
 * repeat what it was sent, so every word that is a piece of a secret goes, and
 * so does every word long enough to be one that we do not know of.
 */
import type { Secret } from "../model/secret.js";
import { shortened } from "../model/text-cut.js";

const longest = 200;
/** A piece of a secret shorter than that gives nothing away. */
const telling = 6;
/** No word of a language or code of an error is that long. */
const suspicious = 40;
const hidden = "[masked]";

/** One line of plain text without a secret in it; empty where nothing is left. */
export function harmless(text: unknown, secrets: readonly Secret[]): string {
  if (typeof text !== "string") return "";
  const known = secrets.flatMap((secret) => {
    const plain = secret.reveal();
    const form = new URLSearchParams({ "": plain }).toString().slice(1);
    return [plain, form, encodeURIComponent(plain), Buffer.from(plain).toString("base64")];
  });
  const whole = known
    .filter((secret) => secret.length >= telling)
    // A secret may hold what separates words.
    .reduce((rest, secret) => rest.replaceAll(secret, hidden), text);
  const line = whole
    .slice(0, 4 * longest)
    .replace(/[^\x21-\x7e]+/g, " ")
    .replace(/[A-Za-z0-9._~+/=%-]+/g, (word) => {
      const stolen = known.some((secret) => word.length >= telling && secret.includes(word));
      return stolen || word.length >= suspicious ? hidden : word;
    })
    .trim();
  return shortened(line, longest);
}
