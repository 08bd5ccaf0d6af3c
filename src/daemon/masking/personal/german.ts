/**
 * German: identifiers of the Federal Republic, from the tax office, pension
 * and health insurers, the passport office and the registers.
 */
import { isDay, mod11and10, pair, travelDocument, weighted } from "./checksums.js";
import type { Shape } from "./shape.js";

/** VKVV: the letter counts as two digits, products by their digits' sums. */
function isPension(text: string): boolean {
  const day = pair(text, 2);
  if (!isDay(day > 50 ? day - 50 : day, pair(text, 4))) return false;
  const letter = String(text.charCodeAt(8) - 64).padStart(2, "0");
  const digits = text.slice(0, 8) + letter + text.slice(9, 11);
  return crossSum(digits, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) % 10 === Number(text[11]);
}

/** § 290 SGB V: as above, with weights 1 and 2 in turn. */
function isHealth(text: string): boolean {
  const letter = String(text.charCodeAt(0) - 64).padStart(2, "0");
  const digits = letter + text.slice(1, 9);
  return crossSum(digits, [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]) % 10 === Number(text[9]);
}

function crossSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => {
    const product = weight * Number(digits[at]);
    return sum + (product % 10) + Math.floor(product / 10);
  }, 0);
}

/** KBV: weights 4 and 9 in turn over six digits; the last two name a group of specialists. */
const isDoctor = (digits: string) =>
  (10 - (weighted(digits, [4, 9, 4, 9, 4, 9]) % 10)) % 10 === Number(digits[6]) &&
  !digits.endsWith("00");

const place = "[CFGHJKLMNPRTVWXYZ]";
const serial = "[CFGHJKLMNPRTVWXYZ0-9]";
const idWords =
  "personalausweis\\p{L}*|ausweis\\p{L}*|identity card|id ?card|id(?: n(?:umber|o|r))?";
const taxWords = "steuer\\p{L}*|st-?nr|finanzamt";
const passWords = "reisepass\\p{L}*|pass(?:nummer|-?nr)?|passports?(?: n(?:umber|o))?";

export const germanShapes: readonly Shape[] = [
  {
    detector: "de-tax-id",
    about: "German tax identification number",
    pattern: "[1-9]\\d{10}|[1-9]\\d \\d{3} \\d{3} \\d{3}",
    accept: (digits) => mod11and10(digits) && new Set(digits.slice(0, 10)).size > 7,
    needs: "alone",
    words: "steuer\\p{L}*|(?:steuer-?)?id(?:nr|-nr|ent\\p{L}*)?|tin|tax(?: ?id)?|idnr",
  },
  {
    detector: "de-social-security",
    about: "German pension insurance number",
    pattern: "\\d{2} ?\\d{6} ?[A-Z] ?\\d{3}",
    accept: isPension,
  },
  {
    detector: "de-id-card",
    about: "German identity card",
    pattern: `${place}${serial}{7}\\d|T\\d{8}`,
    accept: (text) => travelDocument(text) || /^T\d{8}$/.test(text),
    needs: "alone",
    words: idWords,
  },
  {
    detector: "de-passport",
    about: "German passport",
    pattern: `[CFGHJK]${serial}{7}\\d`,
    needs: "alone",
    words: passWords,
    accept: travelDocument,
  },
  {
    detector: "de-driving-licence",
    about: "German driving licence",
    pattern: "[A-Z0-9]{2}\\d{8}[A-Z0-9]",
    // Two letters of a country and digits are its VAT number.
    accept: (text) =>
      /^[A-Z]/.test(text) &&
      !/^(?:AT|BE|CZ|DE|DK|EE|EL|ES|FI|FR|HU|IE|IT|LT|LV|NL|PL|PT|RO|SE|SI|SK)\d{9}$/.test(text),
    needs: "alone",
    words: "f[üu]e?hrerschein\\p{L}*|fahrerlaubnis\\p{L}*|driving licen[cs]e",
  },
  {
    detector: "de-health-insurance",
    about: "German health insurance number",
    pattern: "[A-Z]\\d{9}",
    accept: isHealth,
    needs: "alone",
    words: "krankenkasse\\p{L}*|krankenversicher\\p{L}*|kvnr|versicherten\\p{L}*|egk",
  },
  {
    detector: "de-vat-id",
    about: "German VAT number",
    pattern: "DE[ -]?\\d{3}[ .-]?\\d{3}[ .-]?\\d{3}",
  },
  {
    detector: "de-commercial-register",
    about: "German commercial register number",
    pattern: "HR[AB] ?\\d{1,6}",
  },
  {
    detector: "de-tax-number",
    about: "German tax number",
    pattern: "\\d{2,3}/\\d{3,4}/\\d{4,5}",
  },
  {
    detector: "de-tax-number",
    about: "German tax number of thirteen digits",
    pattern: "(?:10|11|2[1-46-8]|3[0-2]|4[01]|5\\d|9\\d)\\d{2}0\\d{8}",
    needs: "alone",
    words: taxWords,
  },
  {
    detector: "de-tax-number",
    about: "German tax number by the state's key",
    pattern: "(?:0[1-9]|1[0-6])\\d{11}",
    needs: "words",
    words: taxWords,
  },
  {
    detector: "de-doctor",
    about: "German doctor's number (LANR)",
    pattern: "\\d{9}",
    accept: isDoctor,
    needs: "alone",
    words: "lanr|arzt\\p{L}*",
  },
  {
    detector: "de-practice",
    about: "German practice's number (BSNR)",
    pattern: "(?:0[1-3]|17|20|21|31|35|38|46|5[0-2]|7[1-4]|78|83|88|93|98|99)\\d{7}",
    needs: "alone",
    words: "bsnr|betriebsst[äa]tte\\p{L}*|praxis\\p{L}*",
  },
  {
    detector: "de-postcode",
    about: "German post code",
    pattern: "\\d{5}",
    accept: (digits) => Number(digits) > 1000 && Number(digits) < 99999,
    needs: "words",
    words: "plz|postleitzahl",
  },
  {
    detector: "de-vehicle-registration",
    about: "German registration mark",
    pattern: "[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -][1-9]\\d{0,3}[EH]?",
    exact: true,
    needs: "alone",
    words: "kennzeichen|kfz(?:-kennzeichen)?|fahrzeug|auto",
  },
  {
    detector: "de-vehicle-registration",
    about: "German registration mark, in any case",
    pattern: "[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -][1-9]\\d{0,3}[EH]?",
    needs: "words",
    words: "kennzeichen|kfz(?:-kennzeichen)?|fahrzeug|auto",
  },
];
