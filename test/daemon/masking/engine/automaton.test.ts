import { expect, test } from "vitest";
import { createAutomaton } from "../../../../src/daemon/masking/engine/automaton.js";

const keywords = ["abcd", "bc", "bcx", "she", "he", "hers", "-----b"];

function hits(text: string, pieces: readonly number[] = []): readonly string[] {
  const automaton = createAutomaton(keywords);
  const found: string[] = [];
  let state = 0;
  let from = 0;
  for (const end of [...pieces, text.length]) {
    state = automaton.run(text.slice(0, end), from, state, (keyword, at) => {
      found.push(`${keywords[keyword]}@${at - (keywords[keyword] as string).length}`);
    });
    from = end;
  }
  return found.sort();
}

test("every keyword is found wherever it stands, in any case, those in others too", () => {
  expect(hits("xABCD")).toEqual(["abcd@1", "bc@2"]);
  expect(hits("usHErs")).toEqual(["he@2", "hers@2", "she@1"]);
  expect(hits("ab\u00e9bc \u{1f511}he")).toEqual(["bc@3", "he@8"]);
  expect(hits("------B")).toEqual(["-----b@1"]);
  expect(hits("")).toEqual([]);
});

test("it goes on where it stopped", () => {
  const text = "xxabcdxx ushers bcx";
  for (let cut = 0; cut <= text.length; cut += 1) expect(hits(text, [cut])).toEqual(hits(text));
});

test("it says which keywords the end may be the beginning of, from three characters on", () => {
  const automaton = createAutomaton(keywords);
  const begun = (text: string) =>
    automaton
      .begun(automaton.run(text, 0, 0, () => {}))
      .map(({ keyword, length }) => `${keywords[keyword]}:${length}`);
  expect(begun("xab")).toEqual([]);
  expect(begun("xabc")).toEqual(["abcd:3"]);
  expect(begun("x-her")).toEqual(["hers:3"]);
  expect(begun("ushe")).toEqual([]);
});

test("keywords are ASCII without capitals; no keyword is never found", () => {
  expect(() => createAutomaton(["Abc"])).toThrow("capitals");
  expect(() => createAutomaton(["\u00e9bc"])).toThrow("ASCII");
  expect(createAutomaton([]).run("text", 0, 0, () => expect.unreachable())).toBe(0);
});
