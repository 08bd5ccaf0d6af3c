/**
 * Checksums: the few ways in which the authorities of this world make the last
 * digit. Each is given digits, or letters and digits in upper case.
 */
const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** 0–9, and 10–35 for letters. */
const worth = (char: string) => letters.indexOf(char);

export const digitsOf = (digits: string) => Array.from(digits, Number);

/** Sum of the digits, each times its weight. */
export function weighted(text: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * worth(text[at] ?? "0"), 0);
}

/** ISO/IEC 7812-1: cards, and many others. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const double = at % 2 === 0 ? digit : digit * 2;
    sum += double > 9 ? double - 9 : double;
  }
  return sum % 10 === 0;
}

/** Remainder of a number too long for one, letters counting two digits (ISO 7064). */
export function remainder(text: string, divisor: number): number {
  let rest = 0;
  for (const char of text) {
    const value = worth(char);
    rest = (rest * (value > 9 ? 100 : 10) + value) % divisor;
  }
  return rest;
}

/** ISO 7064 MOD 11,10: the German tax and VAT numbers. */
export function mod11and10(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits.at(-1));
}

const dihedral = [
  "0123456789",
  "1234067895",
  "2340178956",
  "3401289567",
  "4012395678",
  "5987604321",
  "6598710432",
  "7659821043",
  "8765932104",
  "9876543210",
];
const permutations = [
  "0123456789",
  "1576283094",
  "5803796142",
  "8916043527",
  "9453126870",
  "4286573901",
  "2793806415",
  "7046913258",
];

/** Verhoeff's: Aadhaar. */
export function verhoeff(digits: string): boolean {
  let check = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = digits[digits.length - 1 - at] as string;
    const permuted = permutations[at % 8]?.[Number(digit)];
    check = Number(dihedral[check]?.[Number(permuted)]);
  }
  return check === 0;
}

/** ICAO 9303: weights 7, 3, 1 over letters and digits; the last is the check digit. */
export function travelDocument(text: string): boolean {
  const body = text.slice(0, -1);
  const sum = Array.from(body).reduce(
    (total, char, at) => total + worth(char) * ([7, 3, 1][at % 3] as number),
    0,
  );
  return sum % 10 === Number(text.at(-1));
}

/** The same digit all through. */
export const isMonotone = (digits: string) => /^(.)\1*$/.test(digits);

/** Whether it is a day: months have their lengths, and February 29 days in any year. */
export function isDay(day: number, month: number): boolean {
  const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (days[month - 1] ?? 0);
}

/** Two digits at a place, as a number. */
export const pair = (text: string, at: number) => Number(text.slice(at, at + 2));
