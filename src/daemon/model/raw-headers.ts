/** Raw headers: names and values in turn, as they came on the wire (RFC 9110 5). */

/** The value of one header by its lower-case name; the first where there are several. */
export function firstHeader(headers: readonly string[], name: string): string | undefined {
  for (let index = 0; index < headers.length; index += 2) {
    if (isNamed(headers[index], name)) return headers[index + 1];
  }
  return undefined;
}

/** Compares a header's name, any case; the length first, since most differ in it. */
export function isNamed(header: string | undefined, lowerCase: string): boolean {
  return (
    header !== undefined &&
    header.length === lowerCase.length &&
    (header === lowerCase || header.toLowerCase() === lowerCase)
  );
}
