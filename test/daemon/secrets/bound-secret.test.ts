/** A key and its origin, stored as one text: what is read is what was bound, or nothing. */
import { expect, test } from "vitest";
import { Secret } from "../../../src/daemon/model/secret.js";
import { bindSecret, readBoundSecret } from "../../../src/daemon/secrets/bound-secret.js";

test("a bound secret reads back with its origin", () => {
  const origin = "https://api.example.com";
  const read = readBoundSecret(bindSecret({ origin, value: new Secret('sk-"quoted"') }));
  expect(read?.origin).toBe(origin);
  expect(read?.value.reveal()).toBe('sk-"quoted"');
});

test.each(["sk-bare", "{}", '{"origin":"https://api.example.com"}', "null", ""])(
  "a text that was not bound (%j) is none",
  (text) => {
    expect(readBoundSecret(new Secret(text))).toBeUndefined();
  },
);
