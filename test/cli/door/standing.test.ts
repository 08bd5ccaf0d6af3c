/** What is said against a process in the daemon's place, each with a real process that is so. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { standingOf } from "../../../src/cli/door/standing.js";
import { temporaryFolder } from "../../daemon/store/temporary-folder.js";

const onLinux = process.platform === "linux";
const waiting = "process.send?.('there'); console.log('there'); setInterval(() => {}, 1000);";
let folder: string;
let program: string;
let environment: Record<string, string>;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = temporaryFolder();
  program = join(folder, "hoopxd.mjs");
  writeFileSync(program, waiting);
  environment = { PATH: process.env.PATH ?? "", HOME: folder, HOOPX_HOME: folder };
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function started(command: string, words: readonly string[], more = {}): Promise<number> {
  const child = spawn(command, words, {
    cwd: "/",
    env: { ...environment, ...more },
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.push(child);
  await once(child.stdout, "data");
  return child.pid ?? 0;
}

const node = process.execPath;
const judged = (pid: number, holder: number | undefined = pid, voucher?: number) =>
  standingOf(pid, {
    lockFile: { holder: () => holder, voucherFor: () => voucher, vouchFor: () => undefined },
    program,
    environment,
    isOwn: () => false,
  });

test.runIf(onLinux)(
  "hoopx's own program, with our Node and for this home, is the daemon",
  async () => {
    const link = join(folder, "link.mjs");
    symlinkSync(program, link);
    for (const path of [program, link]) {
      const pid = await started(node, ["--no-warnings", path]);
      expect(judged(pid)).toEqual({ kind: "daemon", doubt: undefined });
    }
  },
);

test.runIf(onLinux)(
  "who does not hold the record is not the daemon, whatever it runs",
  async () => {
    const pid = await started(node, [program]);
    const other = judged(pid, process.pid);
    expect(other).toMatchObject({ kind: "foreign" });
    expect(JSON.stringify(other)).toContain(`the daemon is process ${process.pid}`);
    expect(standingOf(pid, { ...judgedOptions(), program })).toMatchObject({
      kind: "foreign",
      why: expect.stringContaining("no process holds the record"),
    });
  },
);

const judgedOptions = () => ({
  lockFile: { holder: () => undefined, voucherFor: () => undefined, vouchFor: () => undefined },
  environment,
  isOwn: () => false,
});

test.runIf(onLinux)("one that has ended is no answer to the question", async () => {
  const pid = await started(node, [program]);
  const [child] = children;
  child?.kill("SIGKILL");
  if (child) await once(child, "exit");
  expect(judged(pid)).toEqual({ kind: "gone" });
});

const evil = () => {
  const file = join(folder, "evil.mjs");
  writeFileSync(file, "");
  return file;
};

test.runIf(onLinux).each<[string, () => Promise<number>, RegExp]>([
  [
    "another program",
    () => {
      const copy = join(folder, "copy.mjs");
      writeFileSync(copy, waiting);
      return started(node, [copy, program]);
    },
    /runs .*copy\.mjs, and not .*hoopxd\.mjs/,
  ],
  [
    "no Node",
    () => started("sh", ["-c", "echo there; read x < /dev/zero", program]),
    /^runs .*, and this is/,
  ],
  [
    "code on its command line",
    () => started(node, ["-e", waiting, program]),
    /^(?:runs|was not started as hoopx starts it)/,
  ],
  [
    "code loaded by an option",
    () => started(node, [`--import=${evil()}`, program]),
    /was not started as hoopx starts it: .*--import/,
  ],
  [
    "code loaded by a variable, which it removed itself",
    () => started(node, [program], { NODE_OPTIONS: `--import=${evil()}` }),
    /was not started as hoopx starts it: NODE_OPTIONS holds --import/,
  ],
  [
    "a library loaded by the system",
    () => started(node, [program], { LD_PRELOAD: "/nowhere/evil.so" }),
    /was not started as hoopx starts it: .*LD_PRELOAD/,
  ],
  [
    "another home",
    () => started(node, [program], { HOOPX_HOME: "/tmp/other" }),
    /was started with another HOOPX_HOME/,
  ],
  [
    "other settings",
    () => started(node, [program], { XDG_CONFIG_HOME: "/tmp/other" }),
    /was started with another XDG_CONFIG_HOME/,
  ],
  [
    "a run's variables",
    () => started(node, [program], { HOOPX_SESSION_ID: "ses_x" }),
    /was started inside the run/,
  ],
])("%s: it is told no secret", async (_what, start, why) => {
  const standing = judged(await start());
  expect(standing.kind).toBe("daemon");
  expect(standing.kind === "daemon" && standing.doubt).toMatch(why);
});

test.runIf(onLinux)(
  "below a run only the process that the run vouches for is told secrets",
  async () => {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    const runner = join(bin, "hoopx.js");
    const lines = [
      'const { spawn } = require("node:child_process");',
      "const child = spawn(process.execPath, [process.env.PROGRAM], { stdio: 'pipe' });",
      "child.stdout.on('data', () => console.log(child.pid));",
      "setInterval(() => {}, 1000);",
    ];
    writeFileSync(runner, lines.join("\n"));
    const child = spawn(node, [runner, "--json", "run", "--", "agent"], {
      env: { ...environment, PROGRAM: program },
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const [told] = await once(child.stdout, "data");
    const pid = Number(told);
    const inside = { kind: "daemon", doubt: `was started inside the run of process ${child.pid}` };
    expect(judged(pid)).toEqual(inside);
    expect(judged(pid, pid, process.pid)).toEqual(inside);
    expect(judged(pid, pid, child.pid)).toEqual({ kind: "daemon", doubt: undefined });
    process.kill(pid, "SIGKILL");
  },
);
