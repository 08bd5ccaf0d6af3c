import { expect, test } from "vitest";
import { createLruCache } from "../../../src/daemon/model/lru-cache.js";

function numbered(most: number) {
  const cache = createLruCache<string, number>(most);
  let made = 0;
  return (key: string) => cache.get(key, () => (made += 1));
}

test("a value is made once for as long as it fits", () => {
  const get = numbered(2);
  expect(["a", "b", "a", "b"].map(get)).toEqual([1, 2, 1, 2]);
});

test("the value that was not asked for longest is dropped, and made again", () => {
  const get = numbered(2);
  expect(["a", "b", "a", "c", "a", "b"].map(get)).toEqual([1, 2, 1, 3, 1, 4]);
});

test("where making a value fails, none is kept", () => {
  const cache = createLruCache<string, number>(1);
  const fail = () => {
    throw new Error("no value");
  };
  expect(() => cache.get("a", fail)).toThrow("no value");
  expect(cache.get("a", () => 7)).toBe(7);
});
