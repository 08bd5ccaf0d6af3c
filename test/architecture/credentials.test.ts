/** T3 of docs/security.md: a credential leaves in two places, each behind a row that is durable by then. */
import { expect, test } from "vitest";
import { sourcesBelow } from "../support/sources.js";

test("a credential is applied to a request by `forward` and by the test of a connection alone", () => {
  const places = sourcesBelow("src/daemon")
    .filter(({ text }) => /\bcredential\.apply\(/.test(text))
    .map(({ path }) => path);
  expect(places.sort()).toEqual([
    "src/daemon/control/access/probe.ts",
    "src/daemon/path/request/forward.ts",
  ]);
});
