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
/** In the texts of the sources, which a person reads. */
const bannedInMessages: typeof banned = [
  ["no \\w+ is named", "unknown connection x; connections: a, b"],
  ["(?:is|are) none of", "must be one of"],
  ["(?:that|which) (?:is|are) none", "say what it is not: that is not UTF-16"],
  ["which no \\w+ is", "say the limit: the most that a policy may have"],
  ["which \\w+ is not said", "the … is missing"],
  ["what there is", "their names"],
  ["(?<!\\bthere )is no (?!longer\\b|more\\b)[a-z]\\w*", "is not a …, must be a …"],
  ["what waits", "pending reviews"],
  ["cannot be had", "cannot be used, cannot be obtained"],
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

/** Texts of a source, without its comments; a template's own code stays in it. */
function textsOf(source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return [...code.matchAll(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g)].map(([text]) => text);
}

const oddIn = (message: string) =>
  bannedInMessages.filter(([words]) => new RegExp(`\\b${words}\\b`, "i").test(message));

test("messages and help texts say plainly what is not so, and what is expected", () => {
  const odd = ["that is no duration", "no connection is named x", "kind is none of a, b"];
  for (const message of odd) expect(oddIn(message), message).toHaveLength(1);
  expect(oddIn("there is no daemon, and it is no longer asked")).toEqual([]);
  const found = sourcesBelow("src").flatMap(({ path, text }) =>
    textsOf(text).flatMap((message) =>
      oddIn(message).map(([, instead]) => `${path}: ${message} (${instead})`),
    ),
  );
  expect(found).toEqual([]);
});

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
