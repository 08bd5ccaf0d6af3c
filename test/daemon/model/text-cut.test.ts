/** Wherever a text is cut: its halves, made plain each by itself, are the whole made plain. */
import { expect, test } from "vitest";
import { cutPlace, pairCut, shortened } from "../../../src/daemon/model/text-cut.js";

const plain = (text: string) =>
  text.replace(/\p{Default_Ignorable_Code_Point}+/gu, "").normalize("NFKC");

const letters = [
  ..."ab é日あ\n",
  "\u{1d41d}",
  "\u0301",
  "\u0323",
  "\u200d",
  "\u{e0061}",
  "\u1100",
  "\u1161",
  "\u11a8",
  "\uff76",
  "\uff9e",
  "\uffc2",
  "\ufb01",
  "\ufdfa",
  "\u0f71",
  "\u{1d15e}",
  "\u{1d165}",
];

test("random rows of letters that join", () => {
  let seed = 5;
  const pick = () => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return letters[(seed >> 8) % letters.length] as string;
  };
  for (let round = 0; round < 3000; round += 1) {
    const text = Array.from({ length: 12 }, pick).join("");
    for (let at = 1; at < text.length; at += 1) {
      const place = cutPlace(text, at);
      expect(place).toBeLessThanOrEqual(at);
      expect(plain(text.slice(0, place)) + plain(text.slice(place)), JSON.stringify(text)).toBe(
        plain(text),
      );
    }
  }
});

test("every character of Unicode: where a cut before it is a place, it joins nothing", () => {
  const starters = ["e", "か", "\u1100", "\u1112\u1161", "\u0928", "\u0627", "\u{11099}", "\u3046"];
  const joining: string[] = [];
  for (let code = 0; code <= 0xe0fff; code += 1) {
    if (code === 0xd800) code = 0xe000;
    // Nothing is assigned between the planes of ideographs and the special one.
    if (code === 0x32400) code = 0xe0000;
    const letter = String.fromCodePoint(code);
    if (cutPlace(`e${letter}`, 1) !== 1) continue;
    const whole = starters.map((starter) => plain(`${starter}${letter} `)).join("");
    const halves = starters.map((starter) => `${plain(starter)}${plain(`${letter} `)}`).join("");
    if (whole !== halves) joining.push(code.toString(16));
  }
  expect(joining).toEqual([]);
});

test("a long row of marks is cut all the same, and no pair ever", () => {
  const text = `a${"\u0301".repeat(20_000)}`;
  expect(cutPlace(text, 10_000)).toBe(10_000);
  expect(cutPlace("a", 5)).toBe(1);
  expect(pairCut("😀😀", 1)).toBe(0);
  expect(pairCut("😀😀", 2)).toBe(2);
  expect(pairCut("\ude00\ude00", 1)).toBe(1);
});

test("a text for people is short, and ends in no half of a letter", () => {
  expect(shortened("kermit", 6)).toBe("kermit");
  expect(shortened("kermit the frog", 6)).toBe("kermi…");
  expect(shortened(`kerm\u{1f438} the frog`, 6)).toBe("kerm…");
  expect(shortened("kerme\u0301 the frog", 6)).toBe("kerm…");
});
