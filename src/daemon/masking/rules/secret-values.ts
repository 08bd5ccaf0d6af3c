/**
 * Secret values: what a value beside a secret's name must look like to be one.
 * A token is random and shows it; a password may be short, and is told from
 * words, names and numbers only by what words do not have.
 */
import { withoutControlSequences } from "../engine/control-sequences.js";
import { entropyOf, isPlaceholder } from "../engine/entropy.js";
import { withoutEscapes } from "../engine/escapes.js";

/** An identifier more often than not; only the tellingest names make a secret of one. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Typed along the keyboard's rows, as samples are. */
const counted = /123456|1234-1234|abcdefg|a1b2c3|abc123|([a-z0-9]{8})\1\1/i;

/** Long enough and random enough to be a key or a token. */
export function isToken(value: string): boolean {
  if (value.length < 8 || /\s/.test(value) || isPlaceholder(value) || isNotation(value))
    return false;
  if (isName(value) || uuid.test(value) || /:/.test(value) || counted.test(value)) return false;
  if (!/\d/.test(value)) {
    // Without a digit only a long text of both cases, or one that no word is, is random.
    if (value.length < 20) return false;
    return (
      (entropyOf(value) >= 3.7 && /[A-Z].*[a-z].*[A-Z]|^[a-z]{20,}$/.test(value)) || isWild(value)
    );
  }
  if (!/[A-Za-z]/.test(value) && value.length < 16) return false;
  // Hex is written in one case by whatever makes it.
  if (/^[0-9a-f]{24,}$/i.test(value) && /[a-f]/.test(value) && /[A-F]/.test(value)) return false;
  // Short, small and in parts: more like a name with a number.
  if (value.length < 18 && /^[a-z0-9]+(?:[_-][a-z0-9]+)+$/.test(value)) return false;
  return entropyOf(value) >= (value.length < 16 ? 2.5 : 3);
}

/**
 * A variable that is read elsewhere, or a word that says that it is no secret. Behind it stand
 * signs that end a sentence or a quotation, as themselves or as escapes, and nothing else: people
 * make passwords of such words and a few signs.
 */
const none =
  /^(?:(?:process\.|import\.meta\.)?env\.\w+|not?[-_]?(?:an?[-_]?)?(?:real[-_]?)?(?:password|passwd|secret|token|key))(?:["'`”’»;:,.!?…)\]}>*\s\\]|&(?:quot|apos|lt|gt|#\d{1,3}))*$/i;

const saysNone = (value: string) => none.test(withoutControlSequences(withoutEscapes(value)));

/** A password as people and generators make them: of more than letters. */
export function isPassword(value: string): boolean {
  if (
    value.length < 5 ||
    saysNone(value) ||
    (isPlaceholder(value) && !/^[a-z]{2,24}pass/.test(value)) ||
    isNotation(value)
  )
    return false;
  if (counted.test(value) || !/[A-Za-z0-9]/.test(value) || /^\d{1,7}$/.test(value)) return false;
  if (/\s/.test(value) && !/[\d!@#$%^&*?]/.test(value)) return false;
  // Of more than two words each has to be one that no text has.
  if (/\s.*\s/.test(value) && !value.split(/\s/).every((word) => /[a-z]\d|\d[a-z]/i.test(word)))
    return false;
  if (
    /^[a-z]{0,24}pass(?:word|wd|phrase)?[a-z]{0,16}$/.test(value) &&
    value.length >= 10 &&
    !/^(?:confirm|user|new|old|current|forgot|reset|change|repeat|my|db)|example|sample|placeholder|your|string|undefined|secret|token|key|auth|credential|username/.test(
      value,
    )
  )
    return true;
  if (isName(value)) return false;
  return /[A-Za-z]\d|\d[A-Za-z]|[!@#$%^&*?~+=|\\{}[\]]/.test(value) || isToken(value);
}

/** Without quotes a value may be code as well. */
export function isBarePassword(value: string): boolean {
  return (
    isPassword(value) && !/^[\w.]+\[|^[A-Za-z_$][\w$]*(?:\.[\w$]+)+$|^[|&!?*@/\\[{]/.test(value)
  );
}

/** All that stands up to a space or a line's end: a call or a reference, or else a password. */
export function isWholePassword(written: string): boolean {
  const value = withoutBackslashes(written);
  return (
    isBarePassword(value) &&
    !/[$(<{]$|^[$<(]|\$[({]|^[\w.$]+[([].*[)\]]$|[\w)]\(["'`)]/.test(value) &&
    /[A-Za-z].*\d|\d.*[A-Za-z]/.test(value)
  );
}

/** As what its escapes stand for: `a\"b` for `a"b`. */
export function withoutBackslashes(value: string): string {
  return value.replace(/\\(.)/g, "$1");
}

/** Signs all over, as neither code nor prose has them. */
export function isWild(value: string): boolean {
  if (/^\/|^function|\.\w+\(|https?:/.test(value)) return false;
  const signs = value.match(/[^A-Za-z0-9\s]/g) ?? [];
  return signs.length >= 6 && new Set(signs).size >= 5 && entropyOf(value) >= 3.8;
}

/** A password where the place alone says that it is one: any, if it is no stand-in. */
export function isGivenPassword(value: string): boolean {
  return (
    value.length >= 3 &&
    !saysNone(value) &&
    !/^(?:x{3,}|\*{3,}|<.*>|\[.*\]|\$.*|%.*%|\{.*\}|\.{3}|…|.*(?:your|example|changeme|redacted|masked).*)$/i.test(
      value,
    ) &&
    !/\$\{|\{\{|\$\(/.test(value) &&
    !/^(?:pass|password|passwd|pwd|pw|secret|null|none|undefined|true|false|string|token)$/i.test(
      value,
    )
  );
}

/** A text in a notation of its own: a URL, a path, a file, a date, a version, a call. */
function isNotation(value: string): boolean {
  return (
    /:\/\/|^(?:\.{0,2}|~|[A-Za-z]:)[/\\][\w.-]+[/\\]|^[./#]{1,3}[\w-]+$/.test(value) ||
    (/^[\w-]+\/[\w-]+$(?<!\d)/.test(value) && value.split(/[/_-]/).every(isNamePiece)) ||
    /\.(?:[cm]?[jt]sx?|json|ya?ml|toml|md|html?|css|py|rb|go|rs|java|php|pem|crt|cer|key|p12|txt|xml|log|sh|zip|gz|png|svg|com|org|net|io|dev|local)(?:$|[:/?#])/i.test(
      value,
    ) ||
    /^\d{4}-\d\d-\d\d|^[v^~]?\d+\.\d+\.\d+|^\d+(?:\.\d+)+$|^#[0-9a-f]{3,8}$|^0x[0-9a-f]{1,8}$|^\*\*.*\*\*$|^[,;)]|^(?:rgb|hsl)a?\(/i.test(
      value,
    ) ||
    /[(){};].*[(){};].*\s|=>|\(\)|&&|\|\|/.test(value) ||
    /^[\w-]+\/[\w.+-]+;/.test(value)
  );
}

/** Words and numbers joined, as names of things are: `prod-web-2`, `Key128Bit`, `api.v1.users`. */
function isName(value: string): boolean {
  const pieces = value.split(/[^A-Za-z0-9]+/).filter((piece) => piece !== "");
  return (
    pieces.length > 0 &&
    pieces.length <= 24 &&
    /^[\w.:/@#+?* -]+$/.test(value) &&
    pieces.every(isNamePiece)
  );
}

function isNamePiece(piece: string): boolean {
  if (/^\d{1,10}$|^[a-z]{1,5}$/.test(piece)) return true;
  // Names of algorithms and models: `A128CBC`, `HS256`.
  if (/^[A-Z]{1,4}\d{1,4}[A-Z]{0,5}$/.test(piece)) return true;
  const letters = piece.replace(/\d/g, "");
  if (letters.length >= 12 && piece.length - letters.length <= 2 && isPlaceholder(letters))
    return true;
  if (!/^[A-Za-z]+\d{0,4}(?:[A-Z]?[a-z]{1,10})?\d{0,2}$/.test(piece)) return false;
  // A password is often one word and a number; a name of something has more of them.
  if (letters.length <= 3) return true;
  // Chance has capitals everywhere: hardly a part of it is as long as a word.
  const parts = letters.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? [];
  return isPlaceholder(letters) && parts.filter(({ length }) => length < 3).length <= 1;
}
