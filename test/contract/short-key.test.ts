/** What `connections add` says of a short key is what the daemon does with it. */
import { expect, test } from "vitest";
import { shortestKey } from "../../src/contract/short-key.js";
import { shortestSecret } from "../../src/daemon/model/secret.js";

test("both know the same shortest key", () => {
  expect(shortestKey).toBe(shortestSecret);
});
