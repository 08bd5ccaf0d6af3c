/** Stations: their order is held by the compiler, and they wait only where one of them does. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Station } from "../../../src/daemon/path/exchange.js";
import { Stations } from "../../../src/daemon/path/stations.js";
import { root } from "../../support/sources.js";

test("stations that wait for nothing are passed in one turn", () => {
  const list = Stations.from((text: string) => `${text}b`).to((text) => text.length);
  expect(list.pass("a")).toBe(2);
});

test("what one waits for, the next ones get", async () => {
  const later: Station<string, string> = async (text) => `${text}b`;
  const list = Stations.from(later)
    .to((text) => `${text}c`)
    .to(later)
    .to((text) => text.length);
  const passed = list.pass("a");
  expect(passed).toBeInstanceOf(Promise);
  expect(await passed).toBe(4);
});

test("none behind one that throws is asked", async () => {
  const asked: string[] = [];
  const note = (name: string) => (text: string) => {
    asked.push(name);
    return text;
  };
  const refuse = (): never => {
    throw new Error("refused");
  };
  expect(() => Stations.from(note("one")).to(refuse).to(note("two")).pass("")).toThrow("refused");
  const late = Stations.from(async (text: string) => text)
    .to(refuse)
    .to(note("three"))
    .pass("");
  await expect(late).rejects.toThrow("refused");
  expect(asked).toEqual(["one"]);
});

const cache = join(root, "node_modules/.cache");
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "stations-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** `path.ts` with another list of stations, to be compiled beside the real one. */
function variant(name: string, stations: readonly string[]): string {
  const text = path
    .replace(list, stations.map((station) => `\n    .to(${station})`).join(""))
    .replaceAll(/from "\.\//g, `from "${root}/src/daemon/path/`)
    .replaceAll(/from "\.\.\//g, `from "${root}/src/daemon/`);
  writeFileSync(join(folder, `${name}.ts`), text);
  return name;
}

const path = readFileSync(join(root, "src/daemon/path/path.ts"), "utf8");
const [list = ""] = /(?:\n {4}\.to\(.*\))+/.exec(path) ?? [];
const stations = [...list.matchAll(/\n {4}\.to\((.*)\)/g)].map(([, station = ""]) => station);

test("leaving a station of path.ts out, or swapping two, does not compile", () => {
  expect(stations.length).toBeGreaterThan(12);
  const whole = variant("whole", stations);
  const changed = stations.flatMap((_, at) => {
    const before = stations.slice(0, at);
    const [own = "", next, ...after] = stations.slice(at);
    const rest = next === undefined ? [] : [next, ...after];
    const without = variant(`without-${at}`, [...before, ...rest]);
    return next === undefined
      ? [without]
      : [without, variant(`swapped-${at}`, [...before, next, own, ...after])];
  });
  // The last one: without it no reply is delivered, and its list ends in something else.
  const held = changed.filter((name) => name !== `without-${stations.length - 1}`);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: join(root, "tsconfig.json"), include: [`${folder}/*.ts`] }),
  );
  const compiled = held.concat(whole).filter((name) => !errors().has(name));
  expect(compiled).toEqual([whole]);
});

let found: ReadonlySet<string> | undefined;

/** The variants that the compiler objects to. */
function errors(): ReadonlySet<string> {
  found ??= new Set(
    [...compile().matchAll(/([\w-]+)\.ts\(\d+,\d+\): error/g)].map(([, n = ""]) => n),
  );
  return found;
}

function compile(): string {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  try {
    return execFileSync(process.execPath, [compiler, "-p", folder], { encoding: "utf8" });
  } catch (error) {
    return String((error as { readonly stdout: string }).stdout);
  }
}
