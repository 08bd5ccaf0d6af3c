/**
 * Contact: how a person is reached. E-mail addresses and telephone numbers;
 * and for those who ask for them by name, dates and web addresses.
 */
import { isMailbox } from "./mailbox.js";
import type { Shape } from "./shape.js";

/** Letters of names beyond ASCII: Latin, Greek, Cyrillic. */
const foreign = "\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff";
const label = `[a-z0-9${foreign}](?:[a-z0-9${foreign}-]{0,61}[a-z0-9${foreign}])?`;
const host = `(?:${label}\\.){1,8}(?:xn--[a-z0-9-]{2,59}|[a-z${foreign}]{2,24})`;

const phoneWords =
  "(?:tele)?phones?|phone ?numbers?|tel|mobile|cell|fax|call|dial|text me|whatsapp|sms|contact|(?:telefon|mobil|fax|handy)\\p{L}{0,10}|rufnummer|anruf|t[eé]l[eé]phone|portable|tel[eé]fono|m[oó]vil|cellulare|telefone|celular|telefoon|puhelin|cep|gsm|電話|电话|手机|전화";

const phone = (
  about: string,
  pattern: string,
  needs?: "words" | "alone",
  words = phoneWords,
): Shape => ({
  detector: "phone",
  about,
  pattern,
  words,
  ...(needs === undefined ? {} : { needs }),
});

/** BTK: the areas' codes are even, and not all are given out; 5 is mobile. */
const turkishArea =
  "(?:2(?:1[26]|2[2468]|3[26]|4[268]|5[268]|6[246]|7[246]|8[2468])|3(?:1[28]|[2467][02468]|3[28]|5[2468]|8[02468])|4(?:1[246]|2[2468]|3[2468]|4[26]|5[2468]|6[246]|7[2468]|8[2468])|5[03-6]\\d)";

const count = (from: number, to: number) => (compact: string) =>
  compact.length >= from && compact.length <= to;

export const contactShapes: readonly Shape[] = [
  {
    detector: "email",
    about: "e-mail address",
    pattern: `[a-z0-9${foreign}._%+'-]{1,64}@${host}`,
    within: isMailbox,
    mark: "@",
    beside: true,
  },
  {
    ...phone(
      "telephone number with its country's code",
      "\\+[1-9]\\d{0,14}(?:[ .-]?\\(\\d{1,5}\\))?(?:[ .-]?\\d{1,9})?(?:[ .-]\\d{1,9}){0,5}",
    ),
    accept: count(8, 15),
    beside: true,
  },
  phone(
    "North American telephone number",
    "(?:1[-. ])?(?:\\([2-9]\\d{2}\\)[ .-]?\\d{3}[-. ]\\d{4}|[2-9]\\d{2}([-.])[2-9]\\d{2}[-.]\\d{4})",
  ),
  phone("North American telephone number, in spaces", "[2-9]\\d{2} [2-9]\\d{2}[- ]\\d{4}", "alone"),
  phone(
    "ten digits, called a telephone number",
    "[2-9]\\d{2}[2-9]\\d{6}",
    "words",
    phoneWords.replace("|contact", ""),
  ),
  phone("French telephone number", "0[1-9](?:[ .-]\\d{2}){4}"),
  phone("Japanese or Korean mobile number", "0[5789]0-\\d{4}-\\d{4}|01[016789]-\\d{3,4}-\\d{4}"),
  phone("Brazilian telephone number", "\\(\\d{2}\\) ?9?\\d{4}-\\d{4}"),
  phone("British mobile number", "07\\d{3} \\d{6}|07\\d{3} \\d{3} \\d{3}|07\\d{9}", "alone"),
  phone(
    "British telephone number",
    "\\(0\\d{2,4}\\) ?\\d{3,4} ?\\d{3,4}|0\\d{3} \\d{3} \\d{4}",
    "alone",
  ),
  phone("Australian mobile number", "04\\d{2} \\d{3} \\d{3}"),
  phone("Chinese mobile number", "1[3-9]\\d[ -]?\\d{4}[ -]?\\d{4}", "alone"),
  phone("Indian mobile number", "[6-9]\\d{4}[ -]\\d{5}", "words"),
  {
    ...phone(
      "number with a leading zero, called a telephone number",
      "\\(?0\\d{1,5}\\)?[ /-]?\\d{2,9}(?:[ /-]\\d{2,5}){0,4}",
      "words",
      `${phoneWords}|number is`,
    ),
    accept: count(8, 13),
  },
  {
    detector: "tr-phone",
    about: "Turkish telephone number",
    pattern: `0[- ]?${turkishArea}[- ]?\\d{3}[- ]?\\d{2}[- ]?\\d{2}|${turkishArea}[- ]\\d{3}[- ]\\d{2}[- ]\\d{2}`,
    needs: "alone",
    words: phoneWords,
  },
  {
    detector: "tr-phone",
    about: "Turkish mobile number",
    pattern: "05[03-6]\\d{8}",
  },
  {
    detector: "tr-phone",
    about: "Turkish mobile number without its zero",
    pattern: "5[03-6]\\d{8}",
    needs: "alone",
    words: phoneWords,
  },
  {
    detector: "ph-mobile",
    about: "Philippine mobile number",
    pattern:
      "\\+63[ -]?\\(?9\\d{2}\\)?[ -]?\\d{3}[ -]?\\d{4}|0 ?\\(9\\d{2}\\) ?\\d{3}[ -]?\\d{4}|09\\d{2}[- ]\\d{3}[- ]\\d{4}|09\\d{9}",
  },
];

const months =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const day = "(?:0?[1-9]|[12]\\d|3[01])";
const month = "(?:0?[1-9]|1[0-2])";
const year = "(?:19|20)\\d{2}";
const numeric = `${day}\\.${month}\\.(?:${year}|\\d{2})|${month}[/-]${day}[/-](?:${year}|\\d{2})|${day}[/-]${month}[/-](?:${year}|\\d{2})|${year}([-/.])(?:0[1-9]|1[0-2])[-/.](?:0[1-9]|[12]\\d|3[01])`;
const spelled = `${day}(?:st|nd|rd|th)?[- ]${months}[- ,]{0,2}(?:${year}|\\d{2})|${months}\\.? ${day}(?:st|nd|rd|th)?,? ${year}`;

export const dateShapes: readonly Shape[] = [
  {
    detector: "date-of-birth",
    about: "date of birth",
    pattern: `${numeric}|${spelled}`,
    needs: "words",
    words:
      "born(?: on)?|birth ?(?:date|day)|date of birth|d\\.?o\\.?b|geboren(?: am)?|geb|geburts(?:tag|datum)|n[ée]e? le|date de naissance|fecha de nacimiento|nacid[oa]|data di nascita|nat[oa] il|data de nascimento|f[öo]dd|syntym[äa]aika|geboortedatum|data urodzenia|do[ğg]um tarihi",
  },
  {
    detector: "date",
    about: "date",
    pattern: `${numeric}|${spelled}`,
    beside: true,
  },
  {
    detector: "date",
    about: "date and time",
    pattern: `${year}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?(?:z|[+-]\\d{2}:?\\d{2})?`,
    beside: true,
  },
  {
    detector: "date",
    about: "day and month, month and year",
    pattern: `${day}-${months}|${month}/${day}|${month}/${year}`,
  },
];

export const addressShapes: readonly Shape[] = [
  {
    detector: "url",
    about: "web address",
    pattern: `https?://${host}(?::\\d{1,5})?(?:[/?#][^\\s"'<>)\\]]{0,200})?`,
    mark: ".",
    beside: true,
    open: true,
  },
  {
    detector: "url",
    about: "domain name",
    pattern: `(?:${label}\\.){1,5}(?:com|org|net|edu|gov|io|co|ai|app|dev|info|biz|site|shop|online|cloud|uk|de|fr|es|it|nl|se|fi|no|dk|pl|ch|at|be|eu|us|ca|br|mx|jp|cn|kr|in|au|nz|za|il|tr|ru)(?:/[^\\s"'<>)\\]]{0,200})?`,
    mark: ".",
    beside: true,
  },
];
