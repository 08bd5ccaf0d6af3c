import { expect, test } from "vitest";
import { stepwise } from "../../../../src/daemon/masking/engine/steps.js";

function counting(log: string[]) {
  return stepwise(function* () {
    log.push("one");
    yield;
    log.push("two");
    yield;
    return "made";
  });
}

test("one step after the other, and what comes of them", () => {
  const log: string[] = [];
  const work = counting(log);
  expect(log).toEqual([]);
  expect(work.goOn()).toBe(true);
  expect(log).toEqual(["one"]);
  expect([work.goOn(), work.goOn(), work.goOn()]).toEqual([true, false, false]);
  expect(work.result()).toBe("made");
  expect(log).toEqual(["one", "two"]);
});

test("whoever needs the result does what is left, once", () => {
  const log: string[] = [];
  const work = counting(log);
  work.goOn();
  expect([work.result(), work.result(), work.goOn()]).toEqual(["made", "made", false]);
  expect(log).toEqual(["one", "two"]);
});

test("what throws throws every time", () => {
  const work = stepwise(function* () {
    yield;
    throw new Error("never");
  });
  for (let time = 0; time < 3; time += 1) expect(() => work.result()).toThrow("never");
});
