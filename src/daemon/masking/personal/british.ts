/**
 * British: identifiers of the United Kingdom. Post codes and registration
 * marks have no checksum; they are findings where they stand alone, or where
 * their written form is one that nothing else has. What hosts, tags and ids
 * are written like needs a word that says what it is.
 */
import { weighted } from "./checksums.js";
import type { Shape } from "./shape.js";

/** NHS: weights 10 to 2, mod 11. */
function isNhs(digits: string): boolean {
  const check = 11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return (check === 11 ? 0 : check) === Number(digits[9]) && !/^(\d)\1*$/.test(digits);
}

const inward = "\\d[ABD-HJLNP-UW-Z]{2}";
const outward =
  "(?:[A-PR-UWYZ]\\d{1,2}|[A-PR-UWYZ][A-HK-Y]\\d{1,2}|[A-PR-UWYZ]\\d[A-HJKPSTUW]|[A-PR-UWYZ][A-HK-Y]\\d[ABEHMNPRV-Y])";
const postWords = "post ?codes?|zip|address|addr|deliver(?:y)?(?: to)?|send to";
const plateWords =
  "car(?: reg)?|vehicles?|reg(?:istration)?(?: (?:mark|plate|n(?:umber|o)))?|(?:number|licen[cs]e) plates?|plates?|vrm|vrn|dvla|mot";

const today = "(?:0[2-9]|1\\d|2[0-9]|5[1-9]|6\\d|7[0-9])";
const registrationMark = `[A-HJ-PR-Y]{2}${today}[ -]?[A-HJ-PR-Z]{3}`;

export const britishShapes: readonly Shape[] = [
  {
    detector: "uk-nhs",
    about: "NHS number",
    pattern: "\\d{3}-\\d{3}-\\d{4}|\\d{3} \\d{3} \\d{4}",
    accept: isNhs,
  },
  {
    detector: "uk-nhs",
    about: "NHS number, ten digits",
    pattern: "\\d{10}",
    accept: isNhs,
    needs: "words",
    words: "nhs(?: n(?:umber|o))?|national health|patient(?: id)?",
  },
  {
    detector: "uk-nino",
    about: "UK national insurance number",
    pattern:
      "(?!BG|GB|NK|KN|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]",
  },
  {
    detector: "uk-passport",
    about: "UK passport",
    pattern: "[A-Z]{2}\\d{7}",
    needs: "words",
    words: "passports?(?: n(?:umber|o))?|travel documents?|hmpo",
  },
  {
    detector: "uk-driving-licence",
    about: "UK driving licence",
    pattern:
      "(?:[A-Z]{5}|[A-Z]{4}9|[A-Z]{3}99|[A-Z]{2}999|[A-Z]9999)\\d(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\\d|3[01])\\d[A-Z9]{2}[A-Z0-9][A-Z]{2}",
  },
  {
    detector: "uk-postcode",
    about: "UK post code",
    pattern: `(?:GIR 0AA|${outward} (?!\\d(?:GB|TB|PB))${inward})`,
    exact: true,
  },
  {
    detector: "uk-postcode",
    about: "UK post code, in any case",
    pattern: `(?:GIR ?0AA|${outward} ?${inward})`,
    needs: "alone",
    words: postWords,
  },
  {
    detector: "uk-vehicle-registration",
    about: "UK registration mark",
    pattern: registrationMark,
    exact: true,
    needs: "alone",
    words: plateWords,
  },
  {
    detector: "uk-vehicle-registration",
    about: "UK registration mark, in any case",
    pattern: registrationMark,
    needs: "words",
    words: plateWords,
  },
  {
    detector: "uk-vehicle-registration",
    about: "UK registration mark of before 2001",
    pattern:
      "[A-HJ-NPR-TV-Y](?!0)\\d{1,3}[ -]?[A-HJ-PR-Y]{3}|[A-HJ-PR-Y]{3}[ -]?(?!0)\\d{1,3}[A-HJ-NPR-TV-Y]",
    needs: "words",
    words: plateWords,
  },
];
