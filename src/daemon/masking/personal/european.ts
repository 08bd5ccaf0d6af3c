/**
 * European: national identifiers of Spain, Italy, Finland, Sweden, Poland,
 * France, the Netherlands, Belgium and Türkiye.
 */
import { digitsOf, isDay, isMonotone, luhn, pair, remainder, weighted } from "./checksums.js";
import type { Shape } from "./shape.js";

const spanish = "TRWAGMYFPDXBNJZSQVHLCKE";
const isNif = (text: string) => spanish[Number(text.slice(0, -1)) % 23] === text.at(-1);
const isNie = (text: string) => isNif("XYZ".indexOf(text[0] as string) + text.slice(1));

/** DVV: the number without its century sign, mod 31; the sign is one of its century's. */
function isHetu(text: string, written: string): boolean {
  const control = "0123456789ABCDEFHJKLMNPRSTUVWXY";
  const digits = written.slice(0, 6) + written.slice(7, 10);
  return (
    isDay(pair(written, 0), pair(written, 2)) &&
    Number(written.slice(7, 10)) > 1 &&
    control[Number(digits) % 31] === text.at(-1)
  );
}

/** Skatteverket: Luhn over ten digits, a day of the month (plus 60 for those without residence). */
function isPersonnummer(digits: string): boolean {
  const ten = digits.slice(-10);
  const day = pair(ten, 4);
  return luhn(ten) && isDay(day > 60 ? day - 60 : day, pair(ten, 2));
}

/** GUS: the month says the century; weights 1, 3, 7, 9. */
function isPesel(digits: string): boolean {
  const sum = weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]);
  return sum % 10 === 0 && isDay(pair(digits, 4), pair(digits, 2) % 20);
}

/** NVI: the tenth digit from odd and even ones, the eleventh from the sum of ten. */
function isTurkish(digits: string): boolean {
  const d = digitsOf(digits);
  const sum = (places: readonly number[]) =>
    places.reduce((total, at) => total + (d[at] as number), 0);
  const tenth = (((sum([0, 2, 4, 6, 8]) * 7 - sum([1, 3, 5, 7])) % 10) + 10) % 10;
  return d[9] === tenth && d[10] === sum([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) % 10;
}

/** INSEE: 97 minus the number mod 97; Corsica's 2A and 2B count as 19 and 18. */
function isNir(text: string): boolean {
  const digits = text.replace("2A", "19").replace("2B", "18");
  return 97 - remainder(digits.slice(0, 13), 97) === Number(digits.slice(13));
}

/** Belgium: 97 minus the number mod 97, with a 2 before it for those born from 2000 on. */
const isBelgian = (digits: string) =>
  ["", "2"].some(
    (century) => 97 - remainder(century + digits.slice(0, 9), 97) === Number(digits.slice(9)),
  ) && isDay(Math.max(1, pair(digits, 4)), Math.max(1, pair(digits, 2)));

const passport = "passports?(?: n(?:umber|o))?|pasaporte|passaporto|travel documents?";

const identityCard = "carta d'?identit[àa]|identity card|cie|documento";

const turkishPlate = "(?:0[1-9]|[1-7]\\d|8[01]) ?[A-Z]{1,3} ?\\d{2,4}";
const turkishPlateWords = "plaka\\p{L}*|(?:licen[cs]e|number) plates?|ara[cç]";

export const europeanShapes: readonly Shape[] = [
  {
    detector: "es-nif",
    about: "Spanish NIF",
    pattern: "\\d{7,8}-?[A-HJ-NP-TV-Z]",
    accept: isNif,
  },
  {
    detector: "es-nie",
    about: "Spanish NIE",
    pattern: "[XYZ]-?\\d{7}-?[A-HJ-NP-TV-Z]",
    accept: isNie,
  },
  {
    detector: "es-passport",
    about: "Spanish passport",
    pattern: "[A-Z]{3}\\d{6}",
    needs: "words",
    words: passport,
  },
  {
    detector: "it-fiscal-code",
    about: "Italian fiscal code",
    pattern: "[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]",
  },
  {
    detector: "it-vat-code",
    about: "Italian VAT number",
    pattern: "\\d{11}",
    accept: (digits) => luhn(digits) && !isMonotone(digits),
    needs: "alone",
    words: "partita iva|p\\.? ?iva|vat(?: n(?:umber|o))?|iva",
  },
  {
    detector: "it-driver-license",
    about: "Italian driving licence",
    pattern: "(?:[A-Z]{2}\\d{7}|U1[B-DF-HJ-NP-TV-Z0-9]{7})[A-Z]",
    needs: "alone",
    words: "patente(?: di guida)?|(?:driv\\p{L}* )?licen[cs]es?|licenza",
  },
  {
    detector: "it-identity-card",
    about: "Italian identity card",
    pattern: "[A-Z]{2}\\d{5}[A-Z]{2}|\\d{7}[A-Z]{2}",
    needs: "alone",
    words: identityCard,
  },
  {
    detector: "it-identity-card",
    about: "Italian identity card on paper",
    pattern: "[A-Z]{2} ?\\d{7}",
    needs: "words",
    words: identityCard,
  },
  {
    detector: "it-passport",
    about: "Italian passport",
    pattern: "[A-Z]{2}\\d{7}",
    needs: "words",
    words: passport,
  },
  {
    detector: "fi-personal-identity-code",
    about: "Finnish personal identity code",
    pattern: "\\d{6}[-+A-FU-Y]\\d{3}[0-9A-FHJ-NPR-Y]",
    accept: isHetu,
  },
  {
    detector: "se-personnummer",
    about: "Swedish personal number",
    pattern: "(?:18|19|20)\\d{6}[-+]?\\d{4}|\\d{6}[-+]\\d{4}",
    accept: isPersonnummer,
  },
  {
    detector: "se-personnummer",
    about: "Swedish personal number, ten digits",
    pattern: "\\d{10}",
    accept: isPersonnummer,
    needs: "alone",
    words: "personnummer|pnr|personal (?:identity )?number",
  },
  {
    detector: "se-organisationsnummer",
    about: "Swedish organisation number",
    pattern: "[1-9]\\d[2-9]\\d{3}-\\d{4}",
    accept: luhn,
  },
  {
    detector: "se-organisationsnummer",
    about: "Swedish organisation number, ten digits",
    pattern: "[25-9]\\d[2-9]\\d{7}",
    accept: luhn,
    needs: "alone",
    words:
      "org(?:anisations?)?-?(?:nummer|nr)|organi[sz]ation number|company (?:identity|id|number)\\p{L}*",
  },
  {
    detector: "pl-pesel",
    about: "Polish PESEL",
    pattern: "\\d{11}",
    accept: isPesel,
  },
  {
    detector: "fr-nir",
    about: "French social security number",
    pattern: "[12] ?\\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\\d) ?(?:\\d{2}|2[AB]) ?\\d{3} ?\\d{3} ?\\d{2}",
    accept: isNir,
  },
  {
    detector: "nl-bsn",
    about: "Dutch citizen service number",
    pattern: "\\d{9}",
    accept: (digits) =>
      weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && !isMonotone(digits),
    needs: "words",
    words: "bsn|burgerservicenummer|sofi-?nummer|citizen service number",
  },
  {
    detector: "be-national-number",
    about: "Belgian national register number",
    pattern: "\\d{2}\\.\\d{2}\\.\\d{2}-\\d{3}\\.\\d{2}|\\d{11}",
    accept: isBelgian,
    needs: "alone",
    words: "rijksregister\\p{L}*|registre national|nrn|niss|insz|national (?:register )?number",
  },
  {
    detector: "tr-national-id",
    about: "Turkish identity number",
    pattern: "[1-9]\\d{10}",
    accept: isTurkish,
  },
  {
    detector: "tr-license-plate",
    about: "Turkish number plate",
    pattern: turkishPlate,
    exact: true,
    needs: "alone",
    words: turkishPlateWords,
  },
  {
    detector: "tr-license-plate",
    about: "Turkish number plate, in any case",
    pattern: turkishPlate,
    needs: "words",
    words: turkishPlateWords,
  },
];
