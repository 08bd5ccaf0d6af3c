/**
 * Reads a multipart/form-data body (RFC 7578) into its parts by name: enough
 * for what the SDKs send to the mock model API.
 */
export interface Part {
  readonly filename: string | undefined;
  readonly content: Buffer;
}

/** The parts by name; of two with one name the last. */
export function partsOf(body: Buffer, contentType: string): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return parts;
  // latin1 keeps every byte in its place.
  for (const piece of body.toString("latin1").split(`--${boundary}`).slice(1, -1)) {
    const end = piece.indexOf("\r\n\r\n");
    const head = Buffer.from(piece.slice(0, end), "latin1").toString();
    const name = /\bname="([^"]*)"/.exec(head)?.[1];
    if (name === undefined) continue;
    const filename = /\bfilename="([^"]*)"/.exec(head)?.[1];
    parts.set(name, { filename, content: Buffer.from(piece.slice(end + 4, -2), "latin1") });
  }
  return parts;
}
