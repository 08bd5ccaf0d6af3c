import { expect, test } from "vitest";
import { createKeywordIndex } from "../../../../src/daemon/masking/engine/keyword-index.js";

const keywords = [
  { text: "token", exact: false },
  { text: "api_key", exact: false },
  { text: "AKIA", exact: true },
  { text: "key", exact: false },
  { text: "ey-", exact: true },
  { text: "://", exact: false },
];
const { search } = createKeywordIndex(keywords);

function placesIn(text: string): readonly string[] {
  const places: string[] = [];
  search(text, (keyword, start) => {
    places.push(`${keywords[keyword]?.text} ${start}`);
    return false;
  });
  return places.sort();
}

/** The same, one keyword and one place after the other. */
function placesByHand(text: string): readonly string[] {
  return keywords
    .flatMap(({ text: keyword, exact }) =>
      [...text].flatMap((_, at) => {
        const here = text.slice(at, at + keyword.length);
        return (exact ? here : here.toLowerCase()) === keyword ? [`${keyword} ${at}`] : [];
      }),
    )
    .sort();
}

test("finds each keyword where it stands, in its own case or in any", () => {
  const texts = ["", "ke", "key", "TOKEN", "tokenKey-", "akia AKIA", "api_API_KEYkey-", "a://b"];
  for (const text of texts) expect(placesIn(text), text).toEqual(placesByHand(text));
  expect(placesIn("my Api_Key")).toEqual(["api_key 3", "key 7"]);
});

test("what is not ASCII is in no keyword, and hides none", () => {
  expect(placesIn("to\u212aen ke\u0000y éAKIAé \u{1f511}key")).toEqual(["AKIA 12", "key 20"]);
});

test("ends with the first that is enough", () => {
  let told = 0;
  const enough = () => {
    told += 1;
    return told === 2;
  };
  expect(search("key key key", enough)).toBe(true);
  expect(told).toBe(2);
  expect(search("none", enough)).toBe(false);
});

test("any text of these characters: the same as by hand", () => {
  const alphabet = "keyKEY-toTn:/_apiAI\u{e9}";
  let seed = 7;
  for (let round = 0; round < 300; round += 1) {
    let text = "";
    for (let length = 0; length < 40; length += 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      text += alphabet[seed % alphabet.length];
    }
    expect(placesIn(text), text).toEqual(placesByHand(text));
  }
});
