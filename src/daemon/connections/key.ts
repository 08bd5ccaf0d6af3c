/**
 * Key: what may be stored as a permanent key. It goes into a header as it is,
 * so anything but visible ASCII is refused: a line break would begin a header
 * of its own (RFC 9110, 5.5).
 */
import { Secret } from "../model/secret.js";
import { RegistryError } from "./registry-error.js";

const longest = 4096;

/** The key without the newline that `echo` and editors put at its end; throws RegistryError. */
export function cleanKey(given: Secret): Secret {
  const text = given.reveal().replace(/\r?\n$/, "");
  if (text === "") throw refused("the key is empty", "give the key itself");
  if (/[\r\n]/.test(text)) {
    throw refused("the key has more than one line", "give the key alone, on one line");
  }
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw refused(
      "the key has blanks, control characters or letters beyond ASCII",
      "copy the key again, without quotes or blanks around it",
    );
  }
  if (text.length > longest) {
    throw refused(`the key is longer than ${longest} characters`, "give the key alone");
  }
  return new Secret(text);
}

function refused(message: string, hint: string): RegistryError {
  return new RegistryError("bad_request", message, hint);
}
