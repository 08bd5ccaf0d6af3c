/**
 * Southern: national identifiers of Australia, South Africa and Nigeria.
 */
import { isDay, isMonotone, luhn, pair, verhoeff, weighted } from "./checksums.js";
import type { Shape } from "./shape.js";

/** ABR: one less in the first digit, weights 10, 1, 3 … 19, mod 89. */
const isAbn = (digits: string) =>
  (weighted(digits, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0;

/** ASIC: weights 8 to 1, mod 10. */
const isAcn = (digits: string) =>
  (10 - (weighted(digits, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === Number(digits[8]);

/** ATO: weights 1, 4, 3, 7, 5, 8, 6, 9, 10, mod 11. */
const isTfn = (digits: string) => weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;

/** Services Australia: weights 1, 3, 7, 9, the ninth digit is their sum's last. */
const isMedicare = (digits: string) =>
  weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits[8]);

const isSouthAfrican = (digits: string) =>
  luhn(digits) && isDay(pair(digits, 4), pair(digits, 2)) && /^.{10}[012]/.test(digits);

const elevenSpaced = "\\d{2} \\d{3} \\d{3} \\d{3}";
const nineSpaced = "\\d{3} \\d{3} \\d{3}";

export const southernShapes: readonly Shape[] = [
  {
    detector: "au-abn",
    about: "Australian business number",
    pattern: `[1-9]\\d{10}|${elevenSpaced}`,
    accept: (digits) => !digits.startsWith("0") && isAbn(digits),
  },
  {
    detector: "au-acn",
    about: "Australian company number",
    pattern: `\\d{9}|${nineSpaced}`,
    accept: isAcn,
    needs: "alone",
    words: "acn|australian company(?: number)?",
  },
  {
    detector: "au-tfn",
    about: "Australian tax file number",
    pattern: `\\d{9}|${nineSpaced}`,
    accept: (digits) => isTfn(digits) && !isMonotone(digits),
    needs: "alone",
    words: "tfn|tax file(?: n(?:umber|o))?",
  },
  {
    detector: "au-medicare",
    about: "Australian Medicare card",
    pattern: "[2-6]\\d{9}|[2-6]\\d{3} \\d{5} \\d",
    accept: isMedicare,
    needs: "alone",
    words: "medicare(?: (?:card|n(?:umber|o)))?",
  },
  {
    detector: "za-id",
    about: "South African identity number",
    pattern: "\\d{13}|\\d{6} \\d{4} \\d{3}",
    accept: isSouthAfrican,
  },
  {
    detector: "ng-nin",
    about: "Nigerian identity number",
    pattern: "\\d{11}",
    accept: (digits) => verhoeff(digits) && !isMonotone(digits),
    needs: "words",
    words: "nins?|national identity(?: n(?:umber|o))?|nimc",
  },
  {
    detector: "ng-vehicle-registration",
    about: "Nigerian number plate",
    pattern: "[A-Z]{3}[ -]?\\d{3}[ -]?[A-Z]{2}",
    exact: true,
    needs: "alone",
    words: "(?:number |licen[cs]e )?plates?(?: n(?:umber|o))?|vehicles?|car|frsc",
  },
  {
    detector: "ng-vehicle-registration",
    about: "Nigerian number plate, in any case",
    pattern: "[A-Z]{3}[ -]?\\d{3}[ -]?[A-Z]{2}",
    needs: "words",
    words: "(?:number |licen[cs]e )?plates?(?: n(?:umber|o))?|vehicles?|car|frsc",
  },
];
