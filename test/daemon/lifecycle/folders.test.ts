import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Home } from "../../../src/contract/home.js";
import { homeOf } from "../../../src/contract/home.js";
import { FolderError, prepareFolders } from "../../../src/daemon/lifecycle/folders.js";

let top: string;
let home: Home;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "hoopx-folders-"));
  home = homeOf({ HOOPX_HOME: top });
});
afterEach(() => rmSync(top, { recursive: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;

test("every folder is made 0700", () => {
  prepareFolders(home);
  for (const folder of [home.config, home.data, home.run, home.log]) {
    expect(modeOf(folder)).toBe(0o700);
  }
});

test("a folder that others may read is closed", () => {
  mkdirSync(home.data, { recursive: true });
  chmodSync(home.data, 0o755);
  mkdirSync(home.run);
  chmodSync(home.run, 0o755);
  prepareFolders(home);
  expect(modeOf(home.data)).toBe(0o700);
  expect(modeOf(home.run)).toBe(0o700);
});

test("a run folder that others may write to is refused, as is the short socket's", () => {
  mkdirSync(home.run, { recursive: true });
  chmodSync(home.run, 0o770);
  expect(() => prepareFolders(home)).toThrow(FolderError);
  chmodSync(home.run, 0o700);
  const shared = join(top, "shared");
  mkdirSync(shared);
  chmodSync(shared, 0o777);
  expect(() => prepareFolders({ ...home, socket: join(shared, "x.sock") })).toThrow(
    `the folder ${shared} can be written to by other users`,
  );
});

test("a run folder that is a link is refused", () => {
  const real = join(top, "real");
  mkdirSync(real, { mode: 0o700 });
  symlinkSync(real, join(top, "link"));
  const linked = { ...home, socket: join(top, "link", "x.sock") };
  expect(() => prepareFolders(linked)).toThrow("is a symbolic link");
});

test.skipIf(process.getuid?.() !== 0)("a folder of another user's is refused", () => {
  mkdirSync(home.run, { recursive: true, mode: 0o700 });
  chownSync(home.run, 12_345, 12_345);
  expect(() => prepareFolders(home)).toThrow("belongs to another user");
});

test.skipIf(process.platform !== "linux")("a home that cannot be made is named at once", () => {
  const nowhere = homeOf({ HOOPX_HOME: "/proc/hoopx-none/deep" });
  expect(() => prepareFolders(nowhere)).toThrow(/\/proc\/hoopx-none\/deep\/config cannot be made/);
  writeFileSync(join(top, "file"), "");
  const below = homeOf({ HOOPX_HOME: join(top, "file") });
  expect(() => prepareFolders(below)).toThrow(FolderError);
});
