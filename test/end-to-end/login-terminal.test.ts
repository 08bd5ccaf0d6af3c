/** Logging in on a terminal: what a person sees, and what `hoopx run` does where a login is missing. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHome, eventually, type TestHome } from "../support/home.js";
import { type IdentityProvider, startIdentityProvider } from "../support/identity-provider.js";
import { openHoopx, type Pty } from "../support/pty.js";

let idp: IdentityProvider;
let home: TestHome;

beforeAll(async () => {
  idp = await startIdentityProvider();
  home = createHome({ HOOPX_SECRET_STORE: "file" });
  await home.connect("http://127.0.0.1:1/v1", "sk-terminal-0123456789abcdef");
  // What a desktop has: it notes what it was asked to show.
  mkdirSync(join(home.path, "bin"));
  const script = `#!/bin/sh\nprintf '%s' "$1" > ${home.path}/shown.new && mv ${home.path}/shown.new ${home.path}/shown\n`;
  writeFileSync(join(home.path, "bin/xdg-open"), script);
  chmodSync(join(home.path, "bin/xdg-open"), 0o755);
});
afterAll(async () => {
  await home.dispose();
  await idp.close();
});

const open = (args: readonly string[], columns = 80, more: Record<string, string> = {}) =>
  openHoopx(args, { environment: { ...home.environment, ...more }, cwd: home.path, columns });

const loginArgs = () => ["login", "--issuer", idp.issuer, "--client-id", idp.clientId];

async function codeOf(pty: Pty): Promise<string> {
  const screen = await pty.shows(/code {2}\S+/);
  return /code {2}(\S+)/.exec(screen)?.[1] ?? "";
}

const lines = (pty: Pty) => pty.screen().split("\n");

test.each([80, 120])(
  "at %i columns: picture, page, code, a countdown, and who it is at the end",
  async (columns) => {
    const pty = open(loginArgs(), columns);
    const code = await codeOf(pty);
    await pty.shows(/waiting for you to enter it, \S+ \S+ left \(Ctrl-C gives up\)/);
    expect(pty.screen()).toContain("▀");
    expect(pty.screen()).toContain(`page  ${idp.issuer}/device`);
    await idp.approve(code);
    expect((await pty.exited).exitCode).toBe(0);
    expect(pty.screen()).toContain(`✓ logged in as ada@example.com · ${idp.issuer}`);
    // The countdown is gone, and nothing wrapped.
    expect(pty.screen()).not.toContain("waiting");
    expect(Math.max(...lines(pty).map((line) => line.length))).toBeLessThanOrEqual(columns);
  },
);

test("the countdown counts", async () => {
  const pty = open([...loginArgs(), "--no-open"]);
  const [, first] = /9m (\d\d)s left/.exec(await pty.shows(/9m \d\ds left/)) ?? [];
  await pty.shows(new RegExp(`9m (?!${first})\\d\\ds left`));
  pty.type("\x03");
  expect((await pty.exited).exitCode).toBe(130);
  expect(pty.screen()).toContain("error: the login was cancelled");
  expect(pty.screen()).not.toContain("left (Ctrl-C");
});

test("where the terminal is narrow or cannot show blocks there is no picture, and all else is there", async () => {
  for (const [columns, more] of [
    [30, {}],
    [80, { LANG: "C" }],
  ] as const) {
    const pty = open([...loginArgs(), "--no-open"], columns, more);
    await codeOf(pty);
    expect(pty.screen()).not.toContain("▀");
    pty.kill();
    await pty.exited;
  }
});

test("a display: the page with the code in it is opened; --no-open: it is not", async () => {
  const desktop = { DISPLAY: ":7", PATH: `${join(home.path, "bin")}:${home.environment.PATH}` };
  const shown = join(home.path, "shown");
  const closed = open([...loginArgs(), "--no-open"], 80, desktop);
  await codeOf(closed);
  closed.type("\x03");
  await closed.exited;
  expect(() => readFileSync(shown)).toThrow();
  const pty = open(loginArgs(), 80, desktop);
  const code = await codeOf(pty);
  expect(pty.screen()).toContain("Your browser shows the page");
  expect(await pageOf(shown)).toBe(`${idp.issuer}/device?user_code=${code}`);
  await idp.approve(code);
  expect((await pty.exited).exitCode).toBe(0);
});

test("--browser: the login comes back to a page on loopback", async () => {
  const desktop = { DISPLAY: ":7", PATH: `${join(home.path, "bin")}:${home.environment.PATH}` };
  const shown = join(home.path, "shown");
  writeFileSync(shown, "");
  const pty = open([...loginArgs(), "--browser"], 80, desktop);
  await pty.shows("waiting for the browser to come back");
  const page = await idp.browse(await pageOf(shown), "bob");
  expect(page.text).toContain("You are logged in");
  expect((await pty.exited).exitCode).toBe(0);
  expect(pty.screen()).toContain("logged in as bob@example.com");
});

test("run without a login: it begins at once, and the run goes on after it", async () => {
  await home.hoopx(["logout"]);
  const pty = open(["run", "--", process.execPath, "-e", "console.log('the agent ran')"]);
  await pty.shows("hoopx: you are not logged in");
  await idp.approve(await codeOf(pty));
  expect((await pty.exited).exitCode).toBe(0);
  expect(pty.screen()).toContain("hoopx: logged in as ada@example.com");
  expect(pty.screen()).toContain("the agent ran");
  expect((await home.lastSession()).identity.subject).toBe("ada");
});

test("run where the login was cancelled runs nothing", async () => {
  await home.hoopx(["logout"]);
  const pty = open(["run", "--", process.execPath, "-e", "console.log('the agent ran')"]);
  await codeOf(pty);
  pty.type("\x03");
  expect((await pty.exited).exitCode).toBe(130);
  expect(pty.screen()).not.toContain("the agent ran");
});

test("run under a profile that nobody has set up says what to run", async () => {
  const pty = open(["run", "--profile", "work", "--", "true"]);
  expect((await pty.exited).exitCode).toBe(4);
  expect(pty.screen()).toContain("error: profile work is not logged in");
  expect(pty.screen().replaceAll("\n", "")).toContain(
    "hint: hoopx login --issuer URL --client-id ID --profile work",
  );
});

async function pageOf(file: string): Promise<string> {
  const read = () => {
    try {
      return readFileSync(file, "utf8");
    } catch {
      return "";
    }
  };
  return eventually(read, (text) => text !== "");
}
