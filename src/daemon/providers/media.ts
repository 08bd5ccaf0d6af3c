/**
 * Media: a picture, a sound, a film or an archive, known by its first bytes.
 * What a sender calls it (a content-type, a file's name, the head of a `data:`
 * URL) is a claim: a text that is called a picture is looked at as a text. A
 * long value comes in pieces, and others can run after each.
 */

const signatures: readonly (readonly [at: number, bytes: string])[] = [
  [0, "\x89PNG\r\n\x1a\n"],
  [0, "\xff\xd8\xff"],
  [0, "GIF87a"],
  [0, "GIF89a"],
  [8, "WEBP"],
  [8, "WAVE"],
  [8, "AVI "],
  [0, "%PDF-"],
  [4, "ftyp"],
  [0, "OggS"],
  [0, "fLaC"],
  [0, "ID3"],
  [0, "\xff\xfb"],
  [0, "\xff\xf3"],
  [0, "\x1aE\xdf\xa3"],
  [0, "PK\x03\x04"],
  [0, "\x1f\x8b\x08"],
];

/** Do these bytes begin as a medium does? */
export function isMedia(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(16, bytes.length));
  const text = head.toString("latin1");
  return signatures.some(([at, signature]) => text.startsWith(signature, at));
}

/**
 * Is this, in its pieces, a sealed text as a provider hands it out to be sent back: a Fernet token
 * (version 0x80, time, vector, whole blocks, signature)? None but its maker can read it.
 */
export function* isSealed(pieces: Iterable<string>): Generator<void, boolean> {
  let length = 0;
  let padding = 0;
  for (const piece of pieces) {
    if (length === 0 && !piece.startsWith("gAAAA")) return false;
    if (padding > 0 || !/^[\w-]*={0,2}$/.test(piece)) return false;
    padding = piece.length - piece.replace(/=+$/, "").length;
    length += piece.length - padding;
    yield;
  }
  const bytes = Math.floor((length * 3) / 4);
  return bytes >= 73 && (bytes - 57) % 16 === 0;
}

const urlHead =
  /^data:(?:image|audio|video|application)\/[\w.+-]{1,64}(?:;[\w-]{1,32}=[\w.-]{1,64}){0,4};base64,/;
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** What a decoder takes that base64 is not made of. */
const lenient = ["=", " ", "\n", "\r", "\t", "\f"];
/** Characters that say whether all of a piece is worth to be decoded, and whole groups. */
const leastDecoded = 256;

/**
 * Is this base64 to its end, its padding too? The decoder of the platform tells of a long text in
 * a small part of the time that an expression takes.
 */
function isBase64(text: string): boolean {
  const groups = text.length - (text.length % 4) - 4;
  if (groups < leastDecoded) return base64.test(text);
  const most = text.slice(0, groups);
  if (!base64.test(text.slice(groups)) || lenient.some((one) => most.includes(one))) return false;
  try {
    atob(most);
    return true;
  } catch {
    return false;
  }
}

/** Is this, in its pieces, the `data:` URL of a medium, and base64 to its end? */
export function* isMediaUrl(pieces: Iterable<string>): Generator<void, boolean> {
  let first = true;
  let ended = false;
  for (const piece of pieces) {
    let rest = piece;
    if (first) {
      const head = piece.startsWith("data:") ? urlHead.exec(piece)?.[0] : undefined;
      if (head === undefined) return false;
      rest = piece.slice(head.length);
      if (!isMedia(Buffer.from(rest.slice(0, 24), "base64"))) return false;
      first = false;
    }
    if (!(ended ? /^=*$/.test(rest) : isBase64(rest))) return false;
    ended ||= rest.endsWith("=");
    yield;
  }
  return !first;
}
