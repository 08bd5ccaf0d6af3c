/**
 * What tests: connection, operation, model, tools and the request's flags.
 */
import type { Operation } from "../model/operation.js";
import { type Glob, globHit, globOf } from "./glob.js";
import { flagLeaf, globsLeaf, leaf, oneOf, type Place, sawWords } from "./leaf.js";
import type { Facts, Test } from "./rule.js";
import type { When } from "./schema.js";

type PlaceOf = (key: keyof When) => Place;

/** The tests of what is asked for, as many as the file has. */
export function whatTests(when: When, place: PlaceOf): readonly Test[] {
  const tests: Test[] = [];
  if (when.connections !== undefined) {
    tests.push(
      globsLeaf(place("connections"), {
        name: "connections",
        words: when.connections,
        noun: "the connection",
        values: ({ input }) => [input.connection],
      }),
    );
  }
  if (when.operations !== undefined) {
    tests.push(operationsTest(when.operations, place("operations")));
  }
  if (when.models !== undefined) {
    tests.push(modelsTest(when.models, place("models")));
  }
  for (const key of ["tools", "hostedTools"] as const) {
    const wanted = when[key];
    if (wanted !== undefined) tests.push(...toolsTests(key, wanted, place(key)));
  }
  for (const key of ["stream", "store", "background"] as const) {
    const wanted = when[key];
    if (wanted === undefined) continue;
    tests.push(flagLeaf(place(key), key, wanted, ({ input }) => input.operation[key] === true));
  }
  return tests;
}

/** The models that the request names: all of them are to match, and none that it does not name may work on it. */
function modelsTest(words: readonly string[], place: Place): Test {
  const globs = words.map((word) => globOf(word));
  const modelsOf = ({ input: { operation } }: Facts) =>
    operation.models ?? (operation.model === null ? [] : [operation.model]);
  return leaf(place, {
    name: "models",
    text: `models: ${oneOf(words)}`,
    wants: words,
    hit: (facts) => globHit(globs, modelsOf(facts)),
    unsure(facts) {
      if (facts.input.operation.otherModels === true) return true;
      const models = modelsOf(facts);
      const strays = models.filter((model) => !globs.some((glob) => glob.matches(model)));
      return strays.length > 0 && strays.length < models.length;
    },
    saw(facts) {
      const models = modelsOf(facts);
      const others =
        facts.input.operation.otherModels === true ? ", and others may work on it" : "";
      return sawWords(models.length > 1 ? "the models" : "the model", models) + others;
    },
  });
}

const classes = ["read", "inference", "write", "admin", "unknown"];

/** A class, a glob of an action, or a method and a glob of a path. */
function operationsTest(words: readonly string[], place: Place): Test {
  const wantedClasses = words.filter((word) => classes.includes(word));
  const requests = words.filter((word) => /^\S+ \//.test(word)).map(requestGlob);
  const actions = words
    .filter((word) => !classes.includes(word) && !/^\S+ \//.test(word))
    .map((word) => globOf(word));
  const request = ({ method, path }: Operation) => `${method} ${path.split("?", 1)[0]}`;
  // What no operation is called cannot be named by a glob over names.
  const named = (operation: Operation) =>
    globHit(requests, [request(operation)]) ??
    (operation.class === "unknown" ? undefined : globHit(actions, [operation.action]));
  const classHit = (operation: Operation) =>
    wantedClasses.includes(operation.class)
      ? `${operation.action} is of class ${operation.class}`
      : undefined;

  return leaf(place, {
    name: "operations",
    text: `operations: ${oneOf(words)}`,
    wants: words,
    hit: ({ input: { operation } }) => named(operation) ?? classHit(operation),
    saw: ({ input: { operation } }) =>
      `the operation is ${operation.action} (${operation.class}, ${request(operation)})`,
    names({ input: { operation } }) {
      if (operation.class === "unknown") {
        return wantedClasses.includes("unknown") || named(operation) !== undefined;
      }
      const strict = actions.filter(({ source }) => source !== "*");
      return (
        globHit(requests, [request(operation)]) !== undefined ||
        globHit(strict, [operation.action]) !== undefined
      );
    },
  });
}

/** `get /v1/files/*`: methods have no case, paths do. */
function requestGlob(word: string): Glob {
  const [method = "", path = ""] = word.split(" ", 2);
  return { ...globOf(`${method.toUpperCase()} ${path}`), source: word };
}

type ToolKey = "tools" | "hostedTools";
type ToolWants = NonNullable<When["tools"]>;

function toolsTests(key: ToolKey, wanted: ToolWants, place: Place): readonly Test[] {
  const declared = ({ input }: Facts) => input.operation[key] ?? [];
  const called = ({ input }: Facts, tool: string) => [
    tool,
    ...(input.operation.alsoCalled?.[tool] ?? []),
  ];
  const values = (facts: Facts) => declared(facts).flatMap((tool) => called(facts, tool));
  const noun = key === "tools" ? "the declared tools" : "the declared hosted tools";
  const { any, only } = Array.isArray(wanted)
    ? { any: wanted as readonly string[], only: undefined }
    : (wanted as { any?: readonly string[]; only?: readonly string[] });
  const tests: Test[] = [];
  if (any !== undefined) tests.push(globsLeaf(place, { name: key, words: any, noun, values }));
  if (only !== undefined) {
    const globs = only.map((word) => globOf(word));
    const stray = (facts: Facts) =>
      declared(facts).find((tool) => globHit(globs, called(facts, tool)) === undefined);
    tests.push(
      leaf(place, {
        name: key,
        text: `${key}: only ${oneOf(only)}`,
        wants: { only },
        hit: (facts) => (stray(facts) === undefined ? "no other is declared" : undefined),
        saw: (facts) => sawWords(noun, declared(facts)),
      }),
    );
  }
  return tests;
}
