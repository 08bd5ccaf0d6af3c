import { expect, test } from "vitest";
import { createUnorderedList } from "../../../src/daemon/model/unordered-list.js";

test("an item that leaves is out, and all others stay", () => {
  const list = createUnorderedList<string>();
  const [first, second, third] = ["first", "second", "third"].map((item) => list.enter(item));
  second?.();
  expect([...list.all()].sort()).toEqual(["first", "third"]);
  first?.();
  expect(list.all()).toEqual(["third"]);
  third?.();
  expect(list.size()).toBe(0);
});

test("in any order of coming and going it holds those that have not left", () => {
  const list = createUnorderedList<number>();
  const inside = new Map<number, () => void>();
  let state = 7;
  for (let step = 0; step < 2_000; step += 1) {
    state = (state * 48_271) % 0x7fffffff;
    const [oldest] = inside.keys();
    if (state % 3 === 0 && oldest !== undefined) {
      const someone = [...inside.keys()][state % inside.size] ?? oldest;
      inside.get(someone)?.();
      inside.delete(someone);
    } else {
      inside.set(step, list.enter(step));
    }
  }
  expect([...list.all()].sort((one, other) => one - other)).toEqual([...inside.keys()]);
  expect(list.size()).toBe(inside.size);
});

test("who is in is told as of one moment", () => {
  const list = createUnorderedList<string>();
  const leave = list.enter("only");
  const all = list.all();
  leave();
  expect(all).toEqual(["only"]);
});
