import { expect, test } from "vitest";
import { createCrowd } from "../../../src/daemon/path/crowd.js";

test("whoever leaves is out, and all others stay", () => {
  const crowd = createCrowd<string>();
  const [first, second, third] = ["first", "second", "third"].map((item) => crowd.enter(item));
  second?.();
  expect([...crowd.all()].sort()).toEqual(["first", "third"]);
  first?.();
  expect(crowd.all()).toEqual(["third"]);
  third?.();
  expect(crowd.size()).toBe(0);
});

test("in any order of coming and going it holds those who have not left", () => {
  const crowd = createCrowd<number>();
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
      inside.set(step, crowd.enter(step));
    }
  }
  expect([...crowd.all()].sort((one, other) => one - other)).toEqual([...inside.keys()]);
  expect(crowd.size()).toBe(inside.size);
});

test("who is in is told as of one moment", () => {
  const crowd = createCrowd<string>();
  const leave = crowd.enter("only");
  const all = crowd.all();
  leave();
  expect(all).toEqual(["only"]);
});
