/**
 * HTTP head: a recorded request or reply head, lines as HTTP/1.1 writes them,
 * as its parts.
 */
export interface HttpHead {
  /** Request line or status line. */
  readonly first: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** The parts; empty where there is no head. */
export function headIn(bytes: Buffer): HttpHead {
  const [first = "", ...lines] = bytes.toString("latin1").split("\r\n");
  const headers = lines
    .filter((line) => line.includes(":"))
    .map((line) => {
      const colon = line.indexOf(":");
      return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
    });
  return { first, headers };
}

/** A header's value; undefined where it is not there. */
export function headerOf({ headers }: HttpHead, name: string): string | undefined {
  return headers.find((header) => header.name.toLowerCase() === name)?.value;
}
