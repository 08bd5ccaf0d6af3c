/** How a file looks: it opens with its purpose, fits on a few screens, and has its test beside it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, sourcesBelow } from "../support/sources.js";

const sources = sourcesBelow("src");

/** Files longer than that hold two ideas; a table of data is one idea however long. */
const lineLimit = 300;
const tables = new Map([
  [
    "src/daemon/providers/openai/operations.ts",
    "every operation of the provider's API, a line each",
  ],
  ["src/daemon/store/migrations.ts", "every table there ever was, a step each"],
]);

test(`no file is longer than ${lineLimit} lines, data tables apart`, () => {
  const long = sources
    .filter(({ path }) => !tables.has(path))
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > lineLimit);
  expect(long).toEqual([]);
});

test("every file opens with a comment that says its purpose", () => {
  const mute = [...sources, ...sourcesBelow("test/support")].filter(
    ({ text }) => !/^(#!.*\n)?\/\*\*/.test(text),
  );
  expect(mute.map(({ path }) => path)).toEqual([]);
});

test("no file is named for what it happens to hold", () => {
  const vague = /\b(utils?|helpers?|manager|service|misc|common)\b/;
  expect(sources.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([]);
});

test("no small file is there for one other alone: its content stands in that one", () => {
  const small = sources
    // A station is a file of its own, however little it does.
    .filter(({ text }) => text.split("\n").length - 1 < 25 && !/\): Station</.test(text))
    .map(({ path }) => ({ path, by: importersOf(path) }))
    .filter(({ by }) => by.length === 1);
  // What is loaded when it is wanted, as each command is, cannot stand in what loads it.
  const early = small.filter(({ by }) => by.some(({ late }) => !late));
  expect(early.map(({ path, by }) => `${path} -> ${by[0]?.path}`)).toEqual([]);
});

function importersOf(target: string) {
  return sources.flatMap(({ path, imports }) =>
    imports.filter((each) => each.target === target).map(({ late }) => ({ path, late })),
  );
}

test("no file of the daemon has state of its own: who makes a thing has it", () => {
  const files = sourcesBelow("src/daemon");
  expect(
    files.flatMap(({ path, text }) => stateIn(text).map((name) => `${path}: ${name}`)),
  ).toEqual([]);
  const stateful = [
    "let count = 0;",
    "const seen = new Map<string, number>();\nexport const note = () => seen.set(1, 1);",
    "const list: string[] = [];\nlist.push(1);",
  ];
  expect(stateful.flatMap(stateIn)).toEqual(["count", "seen", "list"]);
});

/**
 * Names at the top of a file whose value changes. No state: what a WeakMap remembers of an object
 * that never changes, and what the compiler keeps from being changed (`readonly`).
 */
function stateIn(text: string): readonly string[] {
  const variables = text.matchAll(/^(?:export )?(?:let|var) (\w+)/gm);
  const collections = text.matchAll(
    /^(?:export )?const (\w+)(?:: (?!readonly |Readonly)[^=\n]+)? = (?:new (?:Map|Set|Array)\b|\[|create\w*Cache\b)/gm,
  );
  const changed = [...collections].filter(([, name]) =>
    new RegExp(
      `(?<![.\\w])${name}\\.(?:set|add|delete|clear|get\\([^)]*,|push|pop|shift|unshift|splice)\\b`,
    ).test(text),
  );
  return [...variables, ...changed].map(([, name = ""]) => name);
}

/** Loaded by no test of its own room, for the reason given. */
const elsewhere: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^src\/(cli|daemon)\/main\.ts$/, "the programs themselves: test/end-to-end runs them built"],
  [/^src\/cli\/process\.ts$/, "the real process: test/end-to-end runs it built"],
  [/^src\/daemon\/compose\//, "the wiring: test/daemon/compose/ and test/end-to-end run it built"],
  [
    /^src\/daemon\/control\/\w+\/([\w-]+-handlers|status-view)\.ts$/,
    "test/daemon/control/ asks every route of the daemon built",
  ],
  [/^src\/contract\/version\.ts$/, "the build writes it: test/end-to-end/command-line.test.ts"],
  [
    /^src\/daemon\/model\/refusal\.ts$/,
    "a table: test/architecture/errors.test.ts holds it to the docs",
  ],
  [
    /^src\/daemon\/store\/(checkpointer|verifier)\.ts$/,
    "a thread's and a process's file: the store's tests start them",
  ],
];

test("every file with code is loaded by a test of its own room", () => {
  const tests = sourcesBelow("test");
  const known = new Map([...sources, ...tests].map((file) => [file.path, file]));
  const alone = sources
    .filter(({ text }) => runs(text))
    .map(({ path }) => path)
    .filter((path) => !elsewhere.some(([pattern]) => pattern.test(path)))
    .filter((path) => {
      const own = tests.filter((file) => file.path.startsWith(testsOf(path)));
      return !own.some((file) => reaches(file.path, path));
    });
  expect(alone).toEqual([]);

  function reaches(from: string, to: string, seen = new Set<string>()): boolean {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    const imports = known.get(from)?.imports ?? [];
    return imports.some(({ target, typeOnly }) => !typeOnly && reaches(target, to, seen));
  }
});

/** `test/daemon/store/` for a file of the store; `test/cli/` for all of the command line. */
function testsOf(path: string): string {
  const room = /^src\/(daemon\/[\w-]+\/|[\w-]+\/)/.exec(path)?.[1] ?? "";
  return `test/${room}`;
}

/** Types alone leave nothing to run. */
function runs(text: string): boolean {
  return /^(export )?(async )?(function|const|class|let)\b|^await |^[a-z]\w*\(/m.test(text);
}

test("what benches and scripts name of src is there", () => {
  const named = ["bench", "scripts"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => file.endsWith(".js"))
      .flatMap((file) => {
        const text = readFileSync(join(root, folder, file), "utf8");
        return [...text.matchAll(/\bsrc\/(?:daemon|cli|contract)\/[\w./-]+\.tsx?\b/g)].map(
          ([name]) => ({ file, name }),
        );
      }),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter(({ name }) => !existsSync(join(root, name)))).toEqual([]);
});
