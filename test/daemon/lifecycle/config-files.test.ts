import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { homeOf } from "../../../src/contract/home.js";
import { loadConfig } from "../../../src/daemon/lifecycle/config.js";
import {
  configFiles,
  configStanding,
  systemFile,
} from "../../../src/daemon/lifecycle/config-files.js";

test("the organisation's file is where each system keeps such files, unless a variable says", () => {
  expect(systemFile("config.yaml", {}, "linux")).toBe("/etc/hoopx/config.yaml");
  expect(systemFile("config.yaml", { PROGRAMDATA: "D:\\Data" }, "win32")).toBe(
    "D:\\Data\\hoopx\\config.yaml",
  );
  expect(systemFile("config.yaml", { HOOPX_SYSTEM_CONFIG: "/x.yaml" }, "linux")).toBe("/x.yaml");
});

test("an edit is seen, and each mistake in it, while the settings in use stay", () => {
  const folder = mkdtempSync(join(tmpdir(), "hoopx-config-"));
  const environment = { HOOPX_HOME: folder, HOOPX_SYSTEM_CONFIG: join(folder, "none.yaml") };
  const home = homeOf(environment);
  const [, file = ""] = configFiles(home, environment);
  mkdirSync(home.config);
  const used = loadConfig(configFiles(home, environment), environment);
  const standing = () => configStanding(home, environment, used);
  expect(standing()).toEqual({ file, problems: [], changed: false });
  writeFileSync(file, "port: 5000\n");
  expect(standing()).toEqual({ file, problems: [], changed: true });
  writeFileSync(file, "prot: 5000\nlog: 5\n");
  expect(standing().problems).toHaveLength(2);
  writeFileSync(file, "# nothing\n");
  expect(standing()).toEqual({ file, problems: [], changed: false });
  rmSync(folder, { recursive: true });
});
