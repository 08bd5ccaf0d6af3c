/**
 * Who tests: identity and process. What a provider did not say of a person is
 * no fact: a missing e-mail address matches nothing.
 */
import { flagLeaf, globsLeaf, leaf, type Place } from "./leaf.js";
import type { Test } from "./rule.js";
import type { When } from "./schema.js";

type Maker = (when: When, place: (key: keyof When) => Place) => Test | undefined;

const words = (
  name: "subjects" | "emails" | "groups" | "issuers" | "commands" | "hosts",
  noun: string,
  values: Parameters<typeof globsLeaf>[1]["values"],
  anyCase = false,
): Maker => {
  return (when, place) => {
    const wanted = when[name];
    if (wanted === undefined) return undefined;
    return globsLeaf(place(name), { name, words: wanted, noun, values, anyCase });
  };
};

/** Each makes the test of its key, where the file has that key. */
export const whoTests: readonly Maker[] = [
  words("subjects", "the subject", ({ input }) => [input.identity.subject]),
  words("emails", "the e-mail address", ({ input }) => present(input.identity.email), true),
  words("groups", "the groups", ({ input }) => input.identity.groups),
  words("issuers", "the issuer", ({ input }) => [input.identity.issuer]),
  words("commands", "the command", ({ input }) => [input.process.command]),
  words("hosts", "the host", ({ input }) => [input.process.host], true),
  ciTest,
  processCheckTest,
];

function ciTest({ ci }: When, place: (key: keyof When) => Place): Test | undefined {
  if (ci === undefined) return undefined;
  if (typeof ci === "boolean") {
    return flagLeaf(place("ci"), "ci", ci, ({ input }) => input.process.ci !== null);
  }
  return globsLeaf(place("ci"), {
    name: "ci",
    words: ci,
    noun: "the CI system",
    values: ({ input }) => present(input.process.ci?.system),
  });
}

function processCheckTest(
  { processCheck: wanted }: When,
  place: (key: keyof When) => Place,
): Test | undefined {
  if (wanted === undefined) return undefined;
  return leaf(place("processCheck"), {
    name: "processCheck",
    text: `processCheck: ${wanted}`,
    wants: wanted,
    hit: ({ input }) => (input.processCheck === wanted ? wanted : undefined),
    saw: ({ input }) => `the process check is ${input.processCheck}`,
  });
}

function present(word: string | null | undefined): readonly string[] {
  return word === null || word === undefined ? [] : [word];
}
