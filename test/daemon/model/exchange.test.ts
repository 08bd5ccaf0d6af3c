import { expect, test } from "vitest";
import {
  createExchangeKeys,
  exchangeIdOf,
  exchangeKeyOf,
} from "../../../src/daemon/model/exchange.js";

test("keys grow, also within one millisecond and when the clock steps back", () => {
  let time = 1_800_000_000_000;
  const next = createExchangeKeys(() => time);
  let last = 0n;
  for (let index = 0; index < 5_000; index += 1) {
    if (index === 2_500) time -= 60_000;
    const key = next();
    expect(key > last).toBe(true);
    last = key;
  }
  expect(last < 1n << 63n).toBe(true);
});

test("an id names its key and sorts like it", () => {
  const next = createExchangeKeys(Date.now);
  const keys = Array.from({ length: 50 }, () => next());
  const ids = keys.map(exchangeIdOf);
  expect(ids.map(exchangeKeyOf)).toEqual(keys);
  expect([...ids].sort()).toEqual(ids);
  expect(ids[0]).toMatch(/^exc_[0-9a-z]{13}$/);
});

test.each(["", "exc_", "exc_0123", "exc_ilou000000000", "exc_zzzzzzzzzzzzz", "ses_0000000000000"])(
  "%j is no exchange id",
  (id) => {
    expect(exchangeKeyOf(id)).toBeUndefined();
  },
);
