/**
 * Americas: national identifiers of the United States, Canada, Brazil and
 * Mexico.
 */
import { digitsOf, isMonotone, luhn, weighted } from "./checksums.js";
import type { Shape } from "./shape.js";

/** SSA: no area 000, 666 or 9xx, no group 00, no serial 0000; and those that stood in advertisements. */
const isSsn = (digits: string) =>
  /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(digits) &&
  !["078051120", "219099999", "123456789", "987654321"].includes(digits) &&
  !isMonotone(digits);

/** IRS: the group is one of 50–65, 70–88, 90–92, 94–99. */
const isItin = (digits: string) => /^9\d{2}(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}$/.test(digits);

const mbi = { letter: "[AC-HJKMNP-RT-Y]", both: "[AC-HJKMNP-RT-Y0-9]" };

/** DEA: (1st + 3rd + 5th) + 2 × (2nd + 4th + 6th), its last digit is the seventh. */
function isDea(text: string): boolean {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, check] = digitsOf(text.slice(2));
  return (a + c + e + 2 * (b + d + f)) % 10 === check;
}

/** Two check digits, each mod 11 over what stands before it. */
function hasElevens(digits: string, weights: readonly number[]): boolean {
  const check = (length: number) => {
    const sum = weighted(digits.slice(0, length), weights.slice(weights.length - length));
    return sum % 11 < 2 ? 0 : 11 - (sum % 11);
  };
  const body = digits.length - 2;
  return (
    !isMonotone(digits) &&
    check(body) === Number(digits[body]) &&
    check(body + 1) === Number(digits[body + 1])
  );
}

export const americanShapes: readonly Shape[] = [
  {
    detector: "us-ssn",
    about: "US social security number",
    pattern: "\\d{3}-\\d{2}-\\d{4}|\\d{3} \\d{2} \\d{4}",
    accept: isSsn,
  },
  {
    detector: "us-ssn",
    about: "US social security number, nine digits",
    pattern: "\\d{9}",
    accept: isSsn,
    needs: "words",
    words: "ssn?s?|social security(?: n(?:umber|o))?|ss#",
  },
  {
    detector: "us-itin",
    about: "US individual taxpayer number",
    pattern: "9\\d{2}-\\d{2}-\\d{4}|9\\d{2} \\d{2} \\d{4}",
    accept: isItin,
  },
  {
    detector: "us-itin",
    about: "US individual taxpayer number, nine digits",
    pattern: "9\\d{8}",
    accept: isItin,
    needs: "alone",
    words: "itin|taxpayer|tax ?id|individual tax\\p{L}*",
  },
  {
    detector: "us-npi",
    about: "US national provider identifier",
    pattern: "[12]\\d{9}|[12]\\d{3}[ -]\\d{3}[ -]\\d{3}",
    accept: (digits) => luhn(`80840${digits}`) && !isMonotone(digits.slice(0, 9)),
    needs: "alone",
    words: "npi|national provider|provider",
  },
  {
    detector: "us-mbi",
    about: "US Medicare beneficiary identifier",
    pattern: `[1-9]${mbi.letter}${mbi.both}\\d-?${mbi.letter}${mbi.both}\\d-?${mbi.letter}{2}\\d{2}`,
  },
  {
    detector: "us-passport",
    about: "US passport",
    pattern: "[A-Z]\\d{8}",
    needs: "words",
    words: "(?:us |u\\.s\\. )?passports?(?: n(?:umber|o))?|travel documents?|passport card",
  },
  {
    detector: "us-passport",
    about: "US passport, nine digits",
    pattern: "\\d{9}",
    needs: "words",
    words: "passports?(?: n(?:umber|o))?|travel documents?",
  },
  {
    detector: "us-driver-license",
    about: "US driver's license",
    pattern: "[A-Z]{0,2}\\d{4,14}|[A-Z]\\d{3}-\\d{3,4}-\\d{3,4}(?:-\\d{1,3})?",
    needs: "words",
    words:
      "driv(?:er'?s?|ers|ing) (?:licen[cs]es?|permit)|licen[cs]e n(?:umber|o)|dl(?: ?#| n(?:umber|o))?|dln",
  },
  {
    detector: "us-dea",
    about: "US DEA certificate",
    pattern: "[A-HJ-MPR-UX][A-Z9]\\d{7}",
    accept: isDea,
    needs: "alone",
    words: "dea(?: n(?:umber|o))?|certificate(?: n(?:umber|o))?|prescriber",
  },
  {
    detector: "ca-sin",
    about: "Canadian social insurance number",
    pattern: "[1-79]\\d{2} \\d{3} \\d{3}|[1-79]\\d{2}-\\d{3}-\\d{3}",
    accept: luhn,
  },
  {
    detector: "ca-sin",
    about: "Canadian social insurance number, nine digits",
    pattern: "[1-79]\\d{8}",
    accept: luhn,
    needs: "alone",
    words: "sins?|social insurance(?: n(?:umber|o))?|nas",
  },
  {
    detector: "br-cpf",
    about: "Brazilian CPF",
    pattern: "\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}|\\d{11}",
    accept: (digits) => hasElevens(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]),
  },
  {
    detector: "br-cnpj",
    about: "Brazilian CNPJ",
    pattern: "\\d{2}\\.\\d{3}\\.\\d{3}/\\d{4}-\\d{2}|\\d{14}",
    accept: (digits) => hasElevens(digits, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]),
  },
  {
    detector: "mx-curp",
    about: "Mexican CURP",
    pattern:
      "[A-Z][AEIOUX][A-Z]{2}\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[A-Z0-9]\\d",
  },
];
