/** `hoopx run` as a wrapper: what the child does, the shell sees. */
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connectedHome } from "../support/connected-home.js";
import { holdSession } from "../support/held-session.js";
import { alive, createHome, eventually } from "../support/home.js";
import { openHoopx } from "../support/pty.js";

const { home } = await connectedHome("sk-run-0123456789abcdef");

const node = (script: string) => ["run", "--", process.execPath, "-e", script];

test.each([0, 1, 7, 200])("exit code %i is the child's", async (code) => {
  expect((await home.hoopx(node(`process.exit(${code})`))).code).toBe(code);
  expect((await home.lastSession()).exitCode).toBe(code);
});

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("%s reaches the child", async (signal) => {
  const script = `process.on("${signal}", () => { console.log("got it"); process.exit(5) }); setInterval(() => {}, 1000); console.log("ready")`;
  const running = home.start(node(script));
  await running.shows("ready");
  running.child.kill(signal);
  const { code, stdout } = await running.done;
  expect(stdout).toContain("got it");
  expect(code).toBe(5);
});

test("a child that dies of a signal makes run exit as a shell would say", async () => {
  const { code, signal } = await home.hoopx(node('process.kill(process.pid, "SIGTERM")'));
  expect(signal === "SIGTERM" || code === 128 + constants.signals.SIGTERM).toBe(true);
});

test("stdin, stdout and stderr are the child's own; the summary is one line on stderr", async () => {
  const script = 'process.stdin.pipe(process.stdout); process.stderr.write("from the child\\n")';
  const { stdout, stderr } = await home.hoopx(node(script), { stdin: "bytes \u0000 as they are" });
  expect(stdout).toBe("bytes \u0000 as they are");
  const lines = stderr.trim().split("\n");
  expect(lines[0]).toBe("from the child");
  expect(lines).toHaveLength(2);
});

test("a TTY stays a TTY, of the same size", async () => {
  const script =
    'console.log("tty", process.stdin.isTTY, process.stdout.isTTY, process.stderr.isTTY, process.stdout.columns)';
  const pty = openHoopx(node(script), {
    environment: home.environment,
    cwd: home.path,
    columns: 97,
  });
  await pty.exited;
  expect(pty.screen()).toContain("tty true true true 97");
});

test("Ctrl-C in a terminal reaches the child once, and run waits for it", async () => {
  const script =
    'let n = 0; process.on("SIGINT", () => { n += 1; setTimeout(() => { console.log("interrupts", n); process.exit(9) }, 200) }); setInterval(() => {}, 1000); console.log("ready")';
  const pty = openHoopx(node(script), { environment: home.environment, cwd: home.path });
  await pty.shows("ready");
  pty.type("\x03");
  expect((await pty.exited).exitCode).toBe(9);
  expect(pty.screen()).toContain("interrupts 1");
});

test("a command that is not there: 127, as a shell has it, with one line that says so", async () => {
  const { code, stderr } = await home.hoopx(["run", "--", "no-such-program-at-all"]);
  expect(code).toBe(127);
  expect(stderr).toContain("no-such-program-at-all");
});

test.runIf(process.platform === "linux")(
  "a process that outlives the run is named, and its requests say what it is",
  async () => {
    const late = `setTimeout(async () => {
      const reply = await fetch(process.env.OPENAI_BASE_URL + "/models", {
        headers: { authorization: "Bearer " + process.env.OPENAI_API_KEY },
      });
      require("node:fs").writeFileSync("late.json", await reply.text());
    }, 1500)`;
    const script = `const child = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(late)}], { detached: true, stdio: "ignore" });
      child.unref();`;
    const { stderr } = await home.hoopx(node(script));
    expect(stderr).toMatch(/still running, without access from now on: node \(pid \d+\)/);
    const said = await eventually(
      () =>
        existsSync(join(home.path, "late.json"))
          ? readFileSync(join(home.path, "late.json"), "utf8")
          : "",
      (text) => text !== "",
    );
    expect(said).toContain("left over from an earlier run");
  },
);

test("run killed -9 takes its session's token with it", async () => {
  const held = await holdSession(home);
  expect((await held.request({})).status).toBe(200);
  held.running.child.kill("SIGKILL");
  const reply = await eventually(
    () => held.request({ outside: true }),
    ({ body }) => body.includes("session_over"),
  );
  expect(reply.status).toBe(401);
  if (alive(held.pid)) process.kill(held.pid, "SIGKILL");
  const session = await eventually(
    () => home.json<{ status: string }>(["sessions", "show", held.id]),
    ({ status }) => status !== "active",
  );
  expect(session.status).toBe("ended");
});

test("a session says which commit and which CI job it was started from", async () => {
  const folder = join(home.path, "checkout");
  mkdirSync(join(folder, ".git/refs/heads"), { recursive: true });
  writeFileSync(join(folder, ".git/HEAD"), "ref: refs/heads/main\n");
  writeFileSync(join(folder, ".git/refs/heads/main"), `${"ab".repeat(20)}\n`);
  const secret = "ghp_remote0123456789";
  const url = `https://ada:${secret}@git.example/app.git`;
  writeFileSync(join(folder, ".git/config"), `[remote "origin"]\n\turl = ${url}\n`);
  const { code, stderr } = await home.hoopx(["run", "--", "true"], {
    cwd: folder,
    environment: { GITLAB_CI: "true", CI_JOB_NAME: "nightly", CI_PIPELINE_ID: "17" },
  });
  expect(code, stderr).toBe(0);
  const { process: started } = await home.lastSession();
  expect(started).toMatchObject({
    cwd: realpathSync(folder),
    git: { remote: "https://git.example/app.git", branch: "main", commit: "ab".repeat(20) },
    ci: { system: "gitlab", job: "nightly", run: "17", url: null },
  });
  // The checkout itself has it, and nothing of ours.
  expect(home.filesWith(secret)).toEqual([join(folder, ".git/config")]);
});

test("no connection and a key in the shell: one command is named that moves it", async () => {
  const empty = createHome();
  const { code, stderr } = await empty.hoopx(node("1"), {
    environment: { OPENAI_API_KEY: "sk-in-the-shell" },
  });
  expect(code).toBe(1);
  expect(stderr).toContain("hoopx connections add openai --secret-env OPENAI_API_KEY");
  expect(stderr).not.toContain("sk-in-the-shell");
  await empty.dispose();
});
