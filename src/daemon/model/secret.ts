/**
 * Secret: bytes that must not be seen. It prints, serialises and inspects as
 * `[secret]`, so a stray log line or error cannot show it; only `reveal`
 * gives the text, and every call of it is worth a look in review.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { inspect } from "node:util";

/**
 * Characters that a text needs to be a secret. Local servers take keys such as `ollama` or `e`;
 * to hide those would hide ordinary words.
 */
export const shortestSecret = 12;

export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for the keychain, the sealed file or the outgoing request. */
  reveal(): string {
    return this.#text;
  }

  /** SHA-256 of the text, 32 bytes. */
  digest(): Buffer {
    return createHash("sha256").update(this.#text).digest();
  }

  /** Compares in constant time, whatever the lengths. */
  equals(other: Secret): boolean {
    return timingSafeEqual(this.digest(), other.digest());
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}
