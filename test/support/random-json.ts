/**
 * Random JSON: texts that are JSON, nearly JSON, or JSON that two parsers read
 * as two, made from a seed so that a failure can be repeated.
 */

/** Makes the same texts for the same seed. */
export function createRandomJson(seed: number) {
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % limit;
  };
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;

  const strings = [
    "",
    "a",
    "model",
    "é日😀",
    '"',
    "\\",
    "\n",
    "\u2028",
    "drop table",
    "x".repeat(40),
  ];
  const written = ['"\\u0061"', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\/"', '"mod\\u0065l"', '"\\t"'];
  const scalars = ["0", "-1.5e3", "true", "false", "null", "12345678901234567890", "1E+2", "0.10"];
  const space = () => pick(["", "", "", " ", "\n\t", "\r"]);
  const text = () => (below(4) === 0 ? pick(written) : JSON.stringify(pick(strings)));

  function value(depth: number): string {
    const kind = depth === 0 ? below(2) : below(5);
    if (kind === 0) return text();
    if (kind === 1) return pick(scalars);
    const size = below(5);
    const parts = Array.from({ length: size }, () => {
      const inner = `${space()}${value(depth - 1)}${space()}`;
      return kind < 4 ? `${space()}${text()}${space()}:${inner}` : inner;
    });
    return kind < 4 ? `{${parts.join(",")}}` : `[${parts.join(",")}]`;
  }

  return {
    below,
    pick,
    /** A JSON text; in objects keys may stand twice. */
    json: () => `${space()}${value(4)}${space()}`,
    /** The text with a character put in, taken out or changed. */
    damaged(json: string): string {
      const at = below(json.length + 1);
      const odd = pick([
        '"',
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "0",
        "-",
        "e",
        ".",
        "\u0001",
        " ",
        "t",
      ]);
      return json.slice(0, at) + odd + json.slice(at + below(2));
    },
  };
}
