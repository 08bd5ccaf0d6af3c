/** ARCHITECTURE.md is kept true: what it names is there, and what is there it names. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, sourcesBelow } from "../support/sources.js";

const page = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
const quoted = [...page.matchAll(/`([^`\s]+)`/g)].map(([, text = ""]) => text);
const paths = sourcesBelow("src").map(({ path }) => path);

test("every file and folder that it names is there", () => {
  const named = quoted.filter((text) => /\/$|\.ts$|\.md$/.test(text));
  expect(named.length).toBeGreaterThan(50);
  const missing = named.filter(
    (text) =>
      !["", "src", "src/daemon", "src/cli"].some((folder) =>
        existsSync(join(root, folder, text)),
      ) &&
      // Beside the one that the line is about.
      !paths.some((path) => path.includes(`/${text}`)),
  );
  expect(missing).toEqual([]);
});

test("every room of the daemon is named", () => {
  const rooms = readdirSync(join(root, "src/daemon"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${name}/`);
  expect(
    rooms.filter((room) => !page.includes(`\`src/daemon/${room}\``) && !quoted.includes(room)),
  ).toEqual([]);
});

test("the stations stand in the order in which path.ts walks them", () => {
  const walk = readFileSync(join(root, "src/daemon/path/path.ts"), "utf8");
  const walked = [...walk.matchAll(/\.(?:from|to)\((?:create)?(\w+)/g)].map(([, name = ""]) =>
    name.toLowerCase(),
  );
  const told = [...page.matchAll(/^\| \d+ \| `daemon\/path\/(?:request|reply)\/(\w+)\.ts`/gm)].map(
    ([, name]) => name,
  );
  expect(told).toEqual(walked);
});
