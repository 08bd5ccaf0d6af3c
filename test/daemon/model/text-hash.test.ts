import { expect, test } from "vitest";
import { hashOf } from "../../../src/daemon/model/text-hash.js";

test("a text has the same number each time, and texts that are alike have others", () => {
  const names = Array.from({ length: 10_000 }, (_, at) => `n${at}`);
  const hashes = new Set(names.map(hashOf));
  expect(names.every((name) => hashes.has(hashOf(name)))).toBe(true);
  // By chance one run in a hundred has a pair that collides.
  expect(hashes.size).toBeGreaterThan(names.length - 5);
  expect([...hashes].every((hash) => Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32)).toBe(
    true,
  );
  // The lower bits choose a slot: they have to differ as well.
  expect(new Set(names.map((name) => hashOf(name) % 4096)).size).toBeGreaterThan(3000);
});
