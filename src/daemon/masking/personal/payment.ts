/**
 * Payment: numbers that money can be taken with or sent to. Cards and IBANs
 * have a checksum, an issuer's range and a length, and are findings anywhere.
 */
import { createHash } from "node:crypto";
import { luhn, remainder, weighted } from "./checksums.js";
import type { Shape } from "./shape.js";
import type { Surroundings, Verdict } from "./surroundings.js";

/** ISO/IEC 7812 ranges of the issuers, and the lengths they use. */
const issuers: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:30[0-5]|3095|36|3[89])/, [14, 16, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^(?:6011|64[4-9]|65|62|81)/, [16, 17, 18, 19]],
  [/^220[0-4]/, [16, 17, 18, 19]],
  [/^(?:50|5[6-9]|6)/, [16, 18, 19]],
  [/^9792/, [16]],
];

const isCard = (digits: string) =>
  luhn(digits) &&
  issuers.some(([range, lengths]) => range.test(digits) && lengths.includes(digits.length));

/** Four groups of digits behind a country and a check number are an account's, right or wrong. */
const isNoAccount = ({ before }: Surroundings): Verdict =>
  /(?:^|[^A-Za-z])[A-Za-z]{2}\d{2}[ -]$/.test(before) ? "no" : "yes";

/** The registry of SWIFT: characters in each country's IBAN. */
const ibanLengths: Readonly<Record<number, string>> = {
  15: "NO",
  16: "BE",
  18: "DK FI FK FO GL NL SD",
  19: "MK SI",
  20: "AT BA EE KZ LT LU MN XK",
  21: "CH HR LI LV",
  22: "BG BH CR DE GB GE IE ME RS VA",
  23: "AE GI IL IQ OM SO TL",
  24: "AD CZ DZ ES MD PK RO SA SE SK TN VG YE",
  25: "LY PT ST",
  26: "IS TR",
  27: "BI DJ FR GR IT MC MR SM",
  28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
  29: "BR EG PS QA UA",
  30: "JO KW MU",
  31: "MT SC",
  32: "LC",
  33: "RU",
};

const iban = Object.entries(ibanLengths)
  .map(([length, countries]) => {
    const rest = Number(length) - 4;
    const last = rest % 4 === 0 ? "" : `[ -]?[A-Z0-9]{${rest % 4}}`;
    const body = `(?:[ -]?[A-Z0-9]{4}){${Math.floor(rest / 4)}}${last}`;
    return `(?:${countries.replaceAll(" ", "|")})\\d{2}${body}`;
  })
  .join("|");

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Base58Check: the last four bytes are the beginning of a double SHA-256. */
function isBase58Checked(text: string): boolean {
  let number = 0n;
  for (const char of text) number = number * 58n + BigInt(base58.indexOf(char));
  const bytes = Buffer.from(number.toString(16).padStart(50, "0"), "hex");
  if (bytes.length !== 25) return false;
  const sha256 = (data: Buffer) => createHash("sha256").update(data).digest();
  return sha256(sha256(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21));
}

const bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/** BIP 173 and 350: a polynomial's remainder is 1, or that of Bech32m. */
function isBech32(text: string): boolean {
  const low = text.toLowerCase();
  const cut = low.lastIndexOf("1");
  const prefix = Array.from(low.slice(0, cut), (char) => char.charCodeAt(0));
  const data = Array.from(low.slice(cut + 1), (char) => bech32.indexOf(char));
  const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let check = 1;
  for (const value of [...prefix.map((c) => c >> 5), 0, ...prefix.map((c) => c & 31), ...data]) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [bit, term] of generator.entries()) if ((top >> bit) & 1) check ^= term;
  }
  return check === 1 || check === 0x2bc830a3;
}

export const paymentShapes: readonly Shape[] = [
  {
    detector: "card",
    about: "payment card",
    pattern:
      "\\d{13,19}|\\d{4}(?: \\d{4}){2} \\d{1,4}(?: \\d{1,3})?|\\d{4}(?:-\\d{4}){2}-\\d{1,4}(?:-\\d{1,3})?|3\\d{3} \\d{6} \\d{4,5}|3\\d{3}-\\d{6}-\\d{4,5}",
    accept: isCard,
    within: isNoAccount,
    beside: true,
  },
  {
    detector: "card",
    about: "payment card of twelve, thirteen or fifteen digits",
    pattern: "(?:1\\d{14}|[56]\\d{11,12})",
    accept: luhn,
    needs: "alone",
    words: "(?:credit|debit|payment|bank)?[ -]?cards?|kreditkarte\\p{L}*|carte|tarjeta|carta",
  },
  {
    detector: "iban",
    about: "international bank account number",
    pattern: iban,
    accept: (compact, written) =>
      remainder(compact.slice(4) + compact.slice(0, 4), 97) === 1 &&
      (written === written.toUpperCase() || written === written.toLowerCase()),
    beside: true,
  },
  {
    detector: "aba-routing",
    about: "US bank routing number",
    pattern: "\\d{9}|\\d{4}-\\d{4}-\\d",
    accept: (digits) =>
      digits !== "078051120" &&
      /^(?:0[1-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/.test(digits) &&
      weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0,
    needs: "alone",
    words: "aba|routing(?: number)?|rtn|transit|bank",
  },
  {
    detector: "crypto-wallet",
    about: "Bitcoin address",
    pattern: "[13][1-9A-HJ-NP-Za-km-z]{25,34}",
    exact: true,
    accept: (_compact, written) => isBase58Checked(written),
  },
  {
    detector: "crypto-wallet",
    about: "Bitcoin address (Bech32)",
    pattern: "(?:bc|tb|ltc)1[02-9ac-hj-np-z]{11,71}",
    accept: (_compact, written) => isBech32(written),
  },
  {
    detector: "crypto-wallet",
    about: "Ethereum address",
    pattern: "0x[0-9a-f]{40}",
    needs: "words",
    words: "wallet|eth|ethereum|address|send to|usdt|erc20",
  },
];
