/** The README tells the truth: every command in it runs, every link leads somewhere, its picture is what happens. */
import { execFile } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { holdSession } from "../support/held-session.js";
import { agentsFolder, createHome, hoopxProgram, type TestHome } from "../support/home.js";
import { type IdentityProvider, startIdentityProvider } from "../support/identity-provider.js";
import { type ModelApi, startModelApi } from "../support/model-api.js";
import { openPty } from "../support/pty.js";
import { root } from "../support/sources.js";

const readme = readFileSync(join(root, "README.md"), "utf8");
const commands = [...readme.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = ""]) =>
  block.trim().split("\n"),
);

let api: ModelApi;
let idp: IdentityProvider;
let home: TestHome;
/** Where nothing is recorded and nothing is configured: a pipeline's machine. */
let pipeline: TestHome;

beforeAll(async () => {
  api = await startModelApi();
  idp = await startIdentityProvider();
  home = createHome({ HOOPX_SECRET_STORE: "file" });
  pipeline = createHome({ HOOPX_SECRET_STORE: "file" });
  // What `npm link` and a person's own agent would be.
  mkdirSync(join(home.path, "bin"));
  writeFileSync(join(home.path, "bin/hoopx"), `#!/bin/sh\nexec node ${hoopxProgram} "$@"\n`);
  chmodSync(join(home.path, "bin/hoopx"), 0o755);
  copyFileSync(join(agentsFolder, "agent.mjs"), join(home.path, "agent.mjs"));
  symlinkSync(join(root, "node_modules"), join(home.path, "node_modules"));
});
afterAll(async () => {
  await home.dispose();
  await pipeline.dispose();
  await api.close();
  await idp.close();
});

test("there are commands to run", () => {
  expect(commands.length).toBeGreaterThan(10);
});

test.each(commands)("%s", async (command) => {
  const script = /^npm ci && npm (?:run )?([\w:]+)$/.exec(command)?.[1];
  if (script !== undefined) {
    // Running it here would not end: this is npm test, and the demo has a test of its own.
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const file = /^node (\S+)$/.exec(scripts[script])?.[1] ?? "";
    expect(existsSync(join(root, file))).toBe(true);
    return;
  }
  // What differs here: the upstream is the mock, and there is no keychain.
  const inPipeline = /sessions import|replay ID/.test(command);
  const here = command.endsWith("add openai")
    ? `${command} --base-url ${api.baseUrl} --secret-store file`
    : command.replace("https://id.example.com", idp.issuer).replace(/\bID\b/, recordedId());
  // Only a session that lives can be stopped.
  const held = command.includes("revoke") ? await holdSession(home) : undefined;
  const pty = openPty("/bin/sh", ["-c", here], {
    environment: {
      ...(inPipeline ? pipeline : home).environment,
      PATH: `${join(home.path, "bin")}:${home.environment.PATH}`,
    },
    cwd: home.path,
  });
  if (/connections (add|rotate)/.test(command)) {
    await pty.shows(/key/i);
    pty.type("sk-readme-0123456789abcdef\r");
  }
  if (command.includes("revoke")) {
    await pty.shows(/revoke ses_/);
    pty.type("y\r");
  }
  if (command.startsWith("hoopx login")) {
    const [, code = ""] = /code {2}(\S+)/.exec(await pty.shows(/code {2}\S+/)) ?? [];
    await idp.approve(code);
  }
  if (command === "hoopx approve") {
    await pty.shows("no review is pending");
    pty.type("q");
  }
  if (command === "hoopx replay last") {
    // Whole: the last line of the screen has the keys.
    await pty.shows("Space play");
    pty.type("q");
  }
  const { exitCode } = await pty.exited;
  expect(exitCode, pty.screen()).toBe(0);
  expect(pty.screen()).not.toContain("sk-readme");
  await held?.end();
});

/** The id of the session that was exported for the pipeline. */
function recordedId(): string {
  const file = join(home.path, "recorded.jsonl");
  if (!existsSync(file)) return "ID";
  return /ses_[0-9a-z]{16}/.exec(readFileSync(file, "utf8"))?.[0] ?? "ID";
}

test("every link leads to a file", () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target = ""]) => target);
  expect(links.length).toBeGreaterThan(3);
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
});

test("the picture is what happens today, ids and times apart", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(root, "scripts/picture.js"),
    "--print",
  ]);
  const drawn = readFileSync(join(root, "docs/session.svg"), "utf8");
  // Runs of one line share their y.
  const rows = new Map<string, string>();
  for (const [, y = "", text = ""] of drawn.matchAll(/<text x="[\d.]+" y="(\d+)"[^>]*>([^<]*)</g)) {
    const plain = text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
    rows.set(y, (rows.get(y) ?? "") + plain);
  }
  expect(steady([...rows.values()])).toEqual(steady(stdout.split("\n")));
});

/** Lines without what differs from run to run. */
function steady(lines: readonly string[]): readonly string[] {
  return lines
    .map((line) =>
      line
        .replace(/(ses|exc)_[0-9a-z]{13,16}/g, "$1_…")
        .replace(/just now|\d+ seconds ago/g, "just now")
        .replace(/\d+/g, "0")
        .replace(/\s+/g, ""),
    )
    .filter((line) => line !== "");
}
