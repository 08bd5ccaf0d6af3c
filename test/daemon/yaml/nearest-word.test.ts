import { expect, test } from "vitest";
import { nearestWord } from "../../../src/daemon/yaml/nearest-word.js";

const words = ["port", "secretStore", "keyFile", "limits", "log"];

test.each([
  ["prot", "port"],
  ["ports", "port"],
  ["secretstore", "secretStore"],
  ["secret_store", "secretStore"],
  ["limit", "limits"],
  ["something", undefined],
])("%s is probably %s", (meant, expected) => {
  expect(nearestWord(meant, words)).toBe(expected);
});
