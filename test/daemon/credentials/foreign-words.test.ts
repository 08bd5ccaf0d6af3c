import { expect, test } from "vitest";
import { harmless } from "../../../src/daemon/credentials/foreign-words.js";
import { Secret } from "../../../src/daemon/model/secret.js";
import { jwtOf } from "../../support/jwt.js";

const token = jwtOf({ sub: "ann", aud: "x" });
const spaced = "correct horse battery";
const secrets = [new Secret(token), new Secret(spaced)];
const [head = "", claims = ""] = token.split(".");

test.each([
  ["no such audience", "no such audience"],
  [`bad token ${token}!`, "bad token [masked]!"],
  [`head ${head}`, "head [masked]"],
  [`part ${claims.slice(4, 14)} of it`, "part [masked] of it"],
  [`x=${encodeURIComponent(spaced)}`, "x=[masked]"],
  [`it is ${Buffer.from(spaced).toString("base64")}`, "it is [masked]"],
  [`it is ${spaced}!`, "it is [masked]!"],
  [`x${token}y`, "x[masked]y"],
  ["unknown key ghp_0123456789012345678901234567890123456789", "unknown key [masked]"],
  ["line\r\nbreak \u001b[31m and \u202e more", "line break [31m and more"],
  ["a ".repeat(600), `${"a ".repeat(99)}a…`],
  [undefined, ""],
  [{ toString: () => token }, ""],
])("%j", (text, told) => {
  expect(harmless(text, secrets)).toBe(told);
});
