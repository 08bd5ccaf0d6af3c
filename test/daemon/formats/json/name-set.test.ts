import { expect, test } from "vitest";
import { createNameSet } from "../../../../src/daemon/formats/json/name-set.js";

test("each name is new once, few or many, and after it was emptied", () => {
  const names = Array.from({ length: 20_000 }, (_, at) => (at % 2 ? `n${at}` : `名${at}`));
  let asked = 0;
  const set = createNameSet((at) => {
    asked += 1;
    return names[at] as string;
  });
  for (const [at, name] of names.entries()) expect(set.add(name, at)).toBe(true);
  // Names are compared only where their hashes are the same.
  expect(asked).toBeLessThan(10);
  for (const name of ["n1", "名0", "名19998"]) expect(set.add(name, 0)).toBe(false);
  set.clear();
  expect(set.add("n1", 1)).toBe(true);
  expect(set.add("n1", 2)).toBe(false);
});

test("a name that stands twice among very many is found, wherever the first one is", () => {
  const set = createNameSet((at) => `n${at}`);
  const count = 50_000;
  for (let at = 0; at < count; at += 1) expect(set.add(`n${at}`, at)).toBe(true);
  for (let at = 0; at < count; at += 997) expect(set.add(`n${at}`, 0)).toBe(false);
  set.clear();
  expect(set.add("n0", 0)).toBe(true);
});
