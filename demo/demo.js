// `npm run demo`: a session from beginning to end, for a person who has never
// seen hoopx. No account, no network beyond loopback, nothing left behind: the
// home is thrown away, the model API is a mock, everything between is real.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { importTypeScript } from "../scripts/import-typescript.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const hoopx = join(root, "bin/hoopx.js");
const key = "sk-demo-the-real-key-0123456789abcdef";

const home = mkdtempSync(join(tmpdir(), "hoopx-demo-"));
// Settings and keys of the person's own stay out of the demo.
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^HOOPX_|_API_KEY$/.test(name)),
);
environment.HOOPX_HOME = home;
environment.HOOPX_SYSTEM_CONFIG = join(home, "system.yaml");
environment.HOOPX_SYSTEM_POLICY = join(home, "system-policy.yaml");
environment.HOOPX_SECRET_STORE = "file";

const colour = process.stdout.isTTY === true && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);

let steps = 0;
let current;
let api;
let idp;
let stopped = false;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    stopped = true;
    current?.kill(signal);
  });
}

try {
  await tell();
} catch (error) {
  if (!stopped) {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  }
} finally {
  await cleanUp();
}
if (stopped) process.exitCode = 130;

async function tell() {
  const { startModelApi } = await importTypeScript(
    new URL("../test/support/model-api.ts", import.meta.url),
  );
  const { startIdentityProvider } = await importTypeScript(
    new URL("../test/support/identity-provider.ts", import.meta.url),
  );
  api = await startModelApi({ key, paceMs: 30 });
  idp = await startIdentityProvider();

  step("A model API. It is a mock on this machine, and takes one key only:", key);
  say(api.baseUrl);

  step(
    "The key goes into a sealed file, once. (Without --secret-store file it",
    "goes into the keychain of your system.) It is read from stdin here:",
  );
  await show(
    [
      ...["connections", "add", "openai", "--base-url", api.baseUrl],
      ...["--secret-stdin", "--secret-store", "file"],
    ],
    { stdin: `${key}\n` },
  );

  step(
    "Who are you? An identity provider (OpenID Connect) knows; here one on this",
    "machine, at which the demo enters the code for you. The refresh token goes",
    "into the sealed file too:",
  );
  await logIn(["login", "--issuer", idp.issuer, "--client-id", idp.clientId, "--no-open"]);

  step(
    "An agent of the OpenAI Agents SDK, run by hoopx. The daemon starts by",
    "itself; the agent gets a token that dies with its process:",
  );
  await show(["run", "--title", "forecast", "--", "node", "agent.mjs"]);

  step("Who saw the real key? The model API did, on every request:");
  for (const call of api.calls) {
    say(`${call.method} ${call.url}  ${call.header("authorization")}`);
  }
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const holding = files.filter((entry) =>
    readFileSync(join(entry.parentPath ?? entry.path, entry.name)).includes(key),
  );
  say(
    `Files of hoopx on disk: ${files.length}; files in which the key can be read: ${holding.length}.`,
  );
  if (holding.length > 0 || api.calls.length !== 2) throw new Error("this should not be so");

  step(
    "What changes something waits, in flight, until a person agrees. Here an",
    "agent uploads a file, and a second command lets it go:",
  );
  const upload = show(["run", "--title", "upload", "--", "node", "upload.mjs"]);
  const review = await firstReview();
  say(`The model API received ${api.calls.length - 2} of it.`);
  await show(["approve", review], { shown: ["approve", `${review.slice(0, 8)}…`] });
  await upload;
  if (api.calls.length !== 3) throw new Error("this should not be so");

  step(
    "What the model asks the agent to do is held to the policy too, before the",
    "agent hears of it. A policy file says that deleting needs a person:",
  );
  const rules = readFileSync(join(root, "demo/policy.yaml"), "utf8");
  writeFileSync(join(home, "config/policy.yaml"), rules);
  for (const line of rules.trimEnd().split("\n")) say(line);
  const report = join(home, "Report");
  for (const answer of [["deny", "--comment", "we need it"], ["approve"]]) {
    writeFileSync(report, "the only copy");
    const cleaning = show(
      ["run", "--title", "clean", "--", "node", join(root, "demo/cleaner.mjs")],
      {
        shown: ["run", "--title", "clean", "--", "node", "cleaner.mjs"],
        cwd: home,
      },
    );
    const call = await firstReview();
    const [verb, ...rest] = answer;
    await show([verb, call, ...rest], {
      shown: [
        verb,
        `${call.slice(0, 8)}…`,
        ...rest.map((word) => (word.includes(" ") ? `"${word}"` : word)),
      ],
    });
    await cleaning;
    if (existsSync(report) !== (verb === "deny")) throw new Error("this should not be so");
  }

  step("Every session is on record, and belongs to a person:");
  await show(["sessions"]);
  const [{ identity }] = JSON.parse(await capture(["sessions", "--json"]));
  say(`The newest is that of ${identity.email}, groups ${identity.groups.join(" and ")}.`);

  step("And can be replayed, word for word, at its own pace:");
  const sessions = JSON.parse(await capture(["sessions", "--json"]));
  const first = sessions.find(({ title }) => title === "forecast");
  await show(["replay", first.id], { shown: ["replay", `${first.id.slice(0, 8)}…`] });

  console.log(
    `\n${paint("1", "That is all.")} For real: hoopx connections add openai\n              then hoopx run -- node your-agent.js`,
  );
}

/** Shows a login, and does what the person would do in their browser. */
async function logIn(args) {
  console.log(paint("36", wrap(`   $ hoopx ${args.join(" ")}`)));
  const child = launch(args, ["ignore", "inherit", "pipe"]);
  let text = "";
  let approved = false;
  child.stderr.setEncoding("utf8").on("data", (chunk) => {
    process.stderr.write(chunk);
    text += chunk;
    const [, code] = /code {2}(\S+)/.exec(text) ?? [];
    if (approved || code === undefined || !text.includes("waiting")) return;
    approved = true;
    idp.approve(code).catch((error) => {
      console.error(`error: ${error.message}`);
      child.kill();
    });
  });
  const code = await over(child);
  if (code !== 0) throw new Error(`hoopx ${args[0]} ended with ${code}`);
}

/** The id of the review that comes to wait. */
async function firstReview() {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const [review] = JSON.parse(await capture(["reviews", "--status", "pending", "--json"]));
    if (review !== undefined) return review.id;
    await pause(200);
  }
  throw new Error("no review came to wait");
}

function step(...lines) {
  if (stopped) throw new Error("stopped");
  steps += 1;
  const [head, ...rest] = lines;
  console.log(`\n${paint("1", `${steps}. ${head}`)}`);
  for (const line of rest) console.log(paint("1", `   ${line}`));
}

function say(line) {
  console.log(`   ${line}`);
}

/** Shows a command as it would be typed, and runs it. */
async function show(args, { stdin = "", shown = args, cwd = join(root, "demo") } = {}) {
  console.log(paint("36", wrap(`   $ hoopx ${shown.join(" ")}`)));
  const child = launch(args, [stdin === "" ? "ignore" : "pipe", "inherit", "inherit"], cwd);
  child.stdin?.end(stdin);
  const code = await over(child);
  if (code !== 0) throw new Error(`hoopx ${args[0]} ended with ${code}`);
}

async function capture(args) {
  const child = launch(args, ["ignore", "pipe", "inherit"]);
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  await over(child);
  return text;
}

function launch(args, stdio, cwd = join(root, "demo")) {
  current = spawn(process.execPath, [hoopx, ...args], {
    cwd,
    env: environment,
    stdio,
  });
  return current;
}

function over(child) {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code));
  });
}

/** Breaks a command at a space before column 80. */
function wrap(line) {
  const words = line.split(" ");
  let width = 0;
  return words
    .map((word, index) => {
      const breaks = width + word.length + 3 > 80;
      width = breaks ? 7 + word.length : width + word.length + 1;
      return index === 0 ? word : breaks ? ` \\\n       ${word}` : ` ${word}`;
    })
    .join("");
}

async function cleanUp() {
  const child = spawn(process.execPath, [hoopx, "daemon", "stop"], {
    env: environment,
    stdio: "ignore",
  });
  await over(child).catch(() => {});
  await api?.close();
  await idp?.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
