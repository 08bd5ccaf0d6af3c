/**
 * Invented: secrets that are none, made when a test runs, so that no scanner
 * of this repository finds what nobody has to revoke. The same call says the
 * same text, on any machine.
 */
const digits = "0123456789";
const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = lower.toUpperCase();

/** Characters in no order of one of these alphabets. */
export const invented = {
  /** `0-9`, no zero first. */
  digits: (length: number) => `7${drawn(digits, length - 1)}`,
  /** `0-9a-f`. */
  hex: (length: number) => drawn(`${digits}abcdef`, length),
  /** `0-9a-z`. */
  lower: (length: number) => drawn(digits + lower, length),
  /** `0-9A-Z`. */
  upper: (length: number) => drawn(digits + upper, length),
  /** `A-Za-z`. */
  letters: (length: number) => drawn(lower + upper, length),
  /** `0-9A-Za-z`. */
  mixed: (length: number) => drawn(digits + lower + upper, length),
  uuid: () => [8, 4, 4, 4, 12].map((length) => drawn(`${digits}abcdef`, length)).join("-"),
};

/** A linear congruence: order enough for a test, none to the eye. */
function drawn(alphabet: string, length: number): string {
  let state = 12_345 + length;
  let text = "";
  while (text.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    text += alphabet[(state >>> 12) % alphabet.length] as string;
  }
  return text;
}
