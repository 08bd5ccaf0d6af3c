/**
 * Asian: national identifiers of Korea, Singapore, Thailand, the Philippines,
 * China and Japan.
 */
import { digitsOf, isDay, pair, weighted } from "./checksums.js";
import type { Shape } from "./shape.js";

const korean = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];

const hasKoreanDay = (digits: string) => isDay(pair(digits, 4), pair(digits, 2));

/** MOIS: weights 2 to 9, mod 11; those given out since October 2020 have no check digit. */
const isKorean = (base: number) => (digits: string) =>
  hasKoreanDay(digits) && (base + 11 - (weighted(digits, korean) % 11)) % 10 === Number(digits[12]);

/** NTS: weights 1, 3, 7, and the tens of five times the ninth digit. */
function isBusiness(digits: string): boolean {
  const tens = Math.floor((Number(digits[8]) * 5) / 10);
  const sum = weighted(digits, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + tens;
  return (10 - (sum % 10)) % 10 === Number(digits[9]);
}

/** ICA: weights 2, 7, 6, 5, 4, 3, 2, and a letter of the series. */
function isFin(text: string): boolean {
  const series = text[0] as string;
  const sum = weighted(text.slice(1), [2, 7, 6, 5, 4, 3, 2]);
  const offset = series === "M" ? 3 : /[TG]/.test(series) ? 4 : 0;
  const rest = (sum + offset) % 11;
  if (series === "M") return "KLJNPQRTUWX"[10 - rest] === text[8];
  return (/[ST]/.test(series) ? "JZIHGFEDCBA" : "XWUTRQPNMLK")[rest] === text[8];
}

/** ACRA: three kinds, each with weights and letters of its own, mod 11. */
function isUen(text: string): boolean {
  if (text.length === 9) {
    return "XMKECAWLJDB"[weighted(text, [10, 4, 9, 3, 8, 2, 7, 1]) % 11] === text[8];
  }
  if (/^\d/.test(text)) {
    return "ZKCMDNERGWH"[weighted(text, [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11] === text[9];
  }
  const letters = "ABCDEFGHJKLMNPQRSTUVWX0123456789";
  const sum = [4, 3, 5, 3, 10, 2, 2, 5, 7].reduce(
    (total, weight, at) => total + weight * letters.indexOf(text[at] as string),
    0,
  );
  return letters[(sum - 5) % 11] === text[9];
}

/** DOPA: weights 13 to 2, mod 11. */
const isThai = (digits: string) =>
  (11 - (weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 ===
    Number(digits[12]) && thaiProvince.test(digits);

/** The second and third digit: a province, by ISO 3166-2:TH. */
const thaiProvince = /^[1-8](?:1[0-9]|2[0-7]|3[0-9]|4[0-9]|5[0-8]|6[0-7]|7[0-7]|8[0-6]|9[0-6])/;

/** BIR: weights 8 to 1 … mod 11 over eight digits, as the ninth says. */
function isTin(digits: string): boolean {
  return weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === Number(digits[8]);
}

/** GB 11643: ISO 7064 MOD 11-2, with a day of birth. */
function isChinese(text: string): boolean {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return (
    isDay(pair(text, 12), pair(text, 10)) &&
    "10X98765432"[weighted(text, weights) % 11] === text[17]
  );
}

/** Ordinance 85 of 2014: weights 6…2 and 7…2, mod 11. */
function isMyNumber(digits: string): boolean {
  const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest < 2 ? 0 : 11 - rest) === digitsOf(digits)[11];
}

export const asianShapes: readonly Shape[] = [
  {
    detector: "kr-rrn",
    about: "Korean resident registration number",
    pattern: "\\d{6}-?[1-4]\\d{6}",
    accept: isKorean(0),
  },
  {
    detector: "kr-frn",
    about: "Korean foreigner registration number",
    pattern: "\\d{6}-?[5-8]\\d{6}",
    accept: isKorean(2),
  },
  {
    detector: "kr-rrn",
    about: "Korean registration number, called one",
    pattern: "\\d{6}-[1-8]\\d{6}",
    accept: hasKoreanDay,
    needs: "words",
    words: "rrn|frn|resident registration|alien registration|주민등록\\p{L}*|외국인등록\\p{L}*",
  },
  {
    detector: "kr-brn",
    about: "Korean business registration number",
    pattern: "\\d{3}-\\d{2}-\\d{5}",
    accept: isBusiness,
  },
  {
    detector: "kr-brn",
    about: "Korean business registration number, ten digits",
    pattern: "\\d{10}",
    accept: isBusiness,
    needs: "alone",
    words: "brn|business registration(?: n(?:umber|o))?|사업자\\p{L}*",
  },
  {
    detector: "kr-passport",
    about: "Korean passport",
    pattern: "[MSROD]\\d{3}[A-Z]\\d{4}",
  },
  {
    detector: "kr-passport",
    about: "Korean passport of before 2021",
    pattern: "[MSRODG]\\d{8}",
    needs: "words",
    words: "passports?(?: n(?:umber|o))?|여권\\p{L}*",
  },
  {
    detector: "kr-driver-license",
    about: "Korean driving licence",
    pattern: "(?:1[1-9]|2[0-8])-\\d{2}-\\d{6}-\\d{2}|(?:1[1-9]|2[0-8]) \\d{2} \\d{6} \\d{2}",
  },
  {
    detector: "kr-driver-license",
    about: "Korean driving licence, twelve digits",
    pattern: "(?:1[1-9]|2[0-8])\\d{10}",
    needs: "words",
    words: "driv\\p{L}* licen[cs]e|운전면허\\p{L}*|면허\\p{L}*",
  },
  {
    detector: "sg-fin",
    about: "Singaporean NRIC or FIN",
    pattern: "[STFGM]\\d{7}[A-Z]",
    accept: isFin,
  },
  {
    detector: "sg-fin",
    about: "Singaporean NRIC or FIN, called one",
    pattern: "[STFGM]\\d{7}[A-Z]",
    needs: "alone",
    words: "nric|fin|singapore\\p{L}*|ic",
  },
  {
    detector: "sg-uen",
    about: "Singaporean unique entity number",
    pattern: "\\d{8}[A-Z]|(?:19|20)\\d{7}[A-Z]|[STR]\\d{2}[A-Z]{2}\\d{4}[A-Z]",
    accept: isUen,
  },
  {
    detector: "th-tnin",
    about: "Thai national identity number",
    pattern: "[1-8]\\d{12}|[1-8]-\\d{4}-\\d{5}-\\d{2}-\\d",
    accept: isThai,
  },
  {
    detector: "ph-tin",
    about: "Philippine taxpayer number",
    pattern: "\\d{3}-\\d{3}-\\d{3}(?:-\\d{3,5})?|\\d{9}(?:\\d{3,5})?",
    accept: isTin,
    needs: "words",
    words: "tin|taxpayer|tax(?: id)?|bir|id",
  },
  {
    detector: "cn-resident-id",
    about: "Chinese resident identity number",
    pattern: "[1-6]\\d{5}(?:18|19|20)\\d{9}[0-9X]",
    accept: isChinese,
  },
  {
    detector: "jp-my-number",
    about: "Japanese individual number",
    pattern: "\\d{12}|\\d{4}[ -]\\d{4}[ -]\\d{4}",
    accept: isMyNumber,
    needs: "words",
    words: "my ?number|individual number|マイナンバー|個人番号",
  },
];
