/** How the daemon is put together: on one screen, in the order in which the rooms need each other. */
import { expect, test } from "vitest";
import { sourcesBelow } from "../support/sources.js";

const sources = sourcesBelow("src/daemon/compose");
const text = sources.find(({ path }) => path.endsWith("/daemon.ts"))?.text ?? "";
const [body = ""] = /^export async function startDaemon[\s\S]*?^}/m.exec(text) ?? [];
const screen = 60;

test(`startDaemon fits on a screen: ${screen} lines`, () => {
  const lines = body.split("\n").length;
  expect(lines).toBeGreaterThan(30);
  expect(lines).toBeLessThanOrEqual(screen);
});

test("startDaemon names nothing that is made later", () => {
  const code = body.replace(/^\s*\/\/.*$/gm, "").replace(/"[^"]*"/g, '""');
  expect(code).not.toMatch(/^\s*(let|var) /m);
  const made = [...code.matchAll(/^ {2}const (?:(\w+)|\{([^}]*)\}) =/gm)].flatMap((match) =>
    (match[1] ?? match[2] ?? "").split(",").map((name) => ({ name: name.trim(), at: match.index })),
  );
  expect(made.length).toBeGreaterThan(20);
  const early = made
    .filter(({ name }) => name !== "")
    .filter(({ name, at }) => new RegExp(`(?<![.\\w])${name}\\b(?!:)`).test(code.slice(0, at)));
  // `config.log` and the options themselves come before.
  expect(early.map(({ name }) => name)).toEqual([]);
});
