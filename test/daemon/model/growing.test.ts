import { expect, test } from "vitest";
import { createGrowing } from "../../../src/daemon/model/growing.js";

test.each([0, 1, 1000, 1 << 18, (1 << 18) + 1, 1 << 20])(
  "%i bytes come out as they came",
  (size) => {
    const bytes = Buffer.from(Array.from({ length: size }, (_, at) => at % 251));
    const growing = createGrowing(1 << 20);
    for (let at = 0; at < size; at += 65_537) growing.add(bytes.subarray(at, at + 65_537));
    expect(growing.size).toBe(size);
    expect(growing.whole().equals(bytes)).toBe(true);
  },
);

test("one chunk is the body itself", () => {
  const chunk = Buffer.from("body");
  const growing = createGrowing(100);
  growing.add(chunk);
  expect(growing.whole()).toBe(chunk);
});
