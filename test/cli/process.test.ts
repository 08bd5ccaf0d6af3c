import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltCli, buildCli } from "./support/built-cli.js";

let cli: BuiltCli;
let folder: string;
beforeAll(async () => {
  cli = await buildCli();
  folder = mkdtempSync(join(tmpdir(), "hoopx-gone-"));
});
afterAll(() => {
  cli.remove();
  rmSync(folder, { recursive: true });
});

// Windows does not let go of a folder that a process stands in.
test
  .skipIf(process.platform === "win32")
  .each([["run", "--", "true"], ["policy"], ["policy", "check"], ["mask"]])(
  "in a folder that is gone, %s %s %s says so",
  (...words) => {
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';
    const line = ["-c", script, "sh", process.execPath, cli.program, ...words.filter(Boolean)];
    const environment = { PATH: process.env.PATH, HOOPX_HOME: join(folder, "home") };
    const { status, stderr } = spawnSync("sh", line, {
      ...{ cwd: folder, env: environment, input: "text\n", encoding: "utf8" },
    });
    expect(status).toBe(1);
    expect(stderr).toContain(
      "error: the folder that you are in does not exist any more\nhint: cd ",
    );
  },
);
