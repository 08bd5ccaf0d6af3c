/**
 * Indian: identifiers of the Republic of India.
 */
import { verhoeff } from "./checksums.js";
import type { Shape } from "./shape.js";

const isAadhaar = (digits: string) =>
  verhoeff(digits) && digits !== Array.from(digits).reverse().join("");

const states =
  "(?:AN|AP|AR|AS|BR|CG|CH|DD|DL|DN|GA|GJ|HP|HR|JH|JK|KA|KL|LA|LD|MH|ML|MN|MP|MZ|NL|OD|OR|PB|PY|RJ|SK|TN|TR|TS|TG|UA|UK|UP|WB)";

export const indianShapes: readonly Shape[] = [
  {
    detector: "in-aadhaar",
    about: "Indian Aadhaar number",
    pattern: "[2-9]\\d{3} \\d{4} \\d{4}|[2-9]\\d{3}-\\d{4}-\\d{4}|[2-9]\\d{3}:\\d{4}:\\d{4}",
    accept: isAadhaar,
  },
  {
    detector: "in-aadhaar",
    about: "Indian Aadhaar number, twelve digits",
    pattern: "[2-9]\\d{11}",
    accept: isAadhaar,
    needs: "alone",
    words: "aadhaar|aadhar|uidai|uid",
  },
  {
    detector: "in-pan",
    about: "Indian permanent account number",
    pattern: "[A-Z]{3}[ABCFGHJLPT][A-Z]\\d{4}[A-Z]",
  },
  {
    detector: "in-gstin",
    about: "Indian goods and services tax number",
    pattern: "(?:0[1-9]|[12]\\d|3[0-8]|9[79])[A-Z]{5}\\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]",
  },
  {
    detector: "in-passport",
    about: "Indian passport",
    pattern: "[A-PR-WY][1-9]\\d ?\\d{4}[1-9]",
    needs: "words",
    words: "(?:indian )?passports?(?: n(?:umber|o))?|travel documents?",
  },
  {
    detector: "in-voter",
    about: "Indian voter's card (EPIC)",
    pattern: "[A-Z]{3}\\d{7}",
    exact: true,
  },
  {
    detector: "in-voter",
    about: "Indian voter's card (EPIC), in any case",
    pattern: "[A-Z]{3}\\d{7}",
    needs: "alone",
    words: "vot(?:er|ers|e)(?: id)?|epic|election(?: card)?",
  },
  {
    detector: "in-vehicle-registration",
    about: "Indian registration mark",
    pattern: `${states}[ -]?\\d{1,2}[ -]?[A-Z]{1,3}[ -]?\\d{4}|\\d{2}[ -]?BH[ -]?\\d{4}[ -]?[A-Z]{1,2}`,
    needs: "alone",
    words: "vehicles?|registration(?: n(?:umber|o))?|rto|(?:number |licen[cs]e )?plates?|car|bike",
  },
  {
    detector: "in-vehicle-registration",
    about: "Indian registration mark of before 1989",
    pattern: "[A-Z]{2,3}\\d{4}",
    exact: true,
    needs: "words",
    words: "vehicles?|registration n(?:umber|o)|rto|number plates?",
  },
];
