import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { sha256Of } from "../../../../src/daemon/path/request/digest.js";

test("the digest of large pieces is that of the whole, and others run meanwhile", async () => {
  const pieces = [Buffer.alloc(9 << 20, 1), Buffer.from("x"), Buffer.alloc(5 << 20, 2)];
  const whole = createHash("sha256").update(Buffer.concat(pieces)).digest("hex");
  let turns = 0;
  const count = setInterval(() => {
    turns += 1;
  });
  const digest = await sha256Of(pieces);
  clearInterval(count);
  expect(digest).toBe(whole);
  expect(turns).toBeGreaterThan(0);
  expect(await sha256Of([])).toBe(createHash("sha256").digest("hex"));
});
