/**
 * Words: comments, messages and docs are in plain English. These words stand
 * for an actor that the sentence does not name, or are not used in the field.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sourcesBelow } from "../support/sources.js";

const banned: readonly (readonly [words: string, instead: string])[] = [
  ["whoever", "name the actor: the client, the person, the caller"],
  ["nobody", "name the actor, or say what is missing: no client, no login"],
  ["somebody", "name the actor: a person, a listener"],
  ["such a one", "say it again by its name"],
  ["a thing of its own", "say what it is"],
  ["of which", "a sentence of its own, or `whose`"],
  ["anew", "again"],
  ["who leaves", "that leaves"],
  ["lists those that live", "lists what runs"],
  ["what hands out a credential", "requests that mint a credential"],
  ["a yes and no no", "one file enables it and none disables it"],
];
/** A value of `hoopx replay --json` that scripts rely on. */
const contract = /"nobody"|\bnobody: ""/g;

function documents(): readonly { readonly path: string; readonly text: string }[] {
  const below = readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") || name.endsWith(".json"))
    .map((name) => join("docs", name));
  return ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "bench/README.md", ...below].map(
    (path) => ({ path, text: readFileSync(path, "utf8") }),
  );
}

test("no word that hides who acts, or that no reader outside would use", () => {
  const found = [...sourcesBelow("src"), ...documents()].flatMap(({ path, text }) => {
    // A sentence may go on in the next line, behind a comment's star.
    const plain = text.replace(contract, "").replace(/\s*\n[ \t]*(?:\*|\/\/)?[ \t]*/g, " ");
    return banned.flatMap(([words, instead]) => {
      const places = plain.matchAll(new RegExp(`\\b${words}\\b`, "gi"));
      return [...places].map(({ index }) => {
        const place = plain.slice(Math.max(0, index - 40), index + 40);
        return `${path}: …${place}… (${instead})`;
      });
    });
  });
  expect(found).toEqual([]);
});
