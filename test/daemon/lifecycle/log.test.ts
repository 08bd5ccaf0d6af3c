import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLog } from "../../../src/daemon/lifecycle/log.js";
import { openLogFile } from "../../../src/daemon/lifecycle/log-file.js";
import { Secret } from "../../../src/daemon/model/secret.js";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hoopx-log-"));
  file = join(folder, "hoopxd.log");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("secrets are struck out, whether wrapped or named", async () => {
  const destination = openLogFile({ file, maxBytes: 1 << 20, files: 3, stuck() {} });
  const log = createLog("info", destination);
  log.info({ value: new Secret("sk-one"), token: "hxs_two", headers: ["sk-three"] }, "x");
  log.debug("not at this level");
  destination.end();
  await once(destination, "close");
  const text = readFileSync(file, "utf8");
  expect(text).not.toMatch(/sk-|hxs_|not at/);
  expect(JSON.parse(text)).toMatchObject({ level: "info", token: "[secret]", value: "[secret]" });
});

test("an error is told with its causes, and nothing that a library hung on it", async () => {
  const destination = openLogFile({ file, maxBytes: 1 << 20, files: 3, stuck() {} });
  const log = createLog("info", destination);
  const cause = Object.assign(new Error("refused"), { code: "ECONNREFUSED", headers: "sk-four" });
  log.error({ err: Object.assign(new Error("no", { cause }), { body: "sk-five" }) }, "fault");
  log.error({ err: "a text" }, "fault");
  destination.end();
  await once(destination, "close");
  const text = readFileSync(file, "utf8");
  expect(text).not.toContain("sk-");
  const [first, second] = text.split("\n");
  expect(JSON.parse(first ?? "")).toMatchObject({
    err: { message: "no", cause: { message: "refused", code: "ECONNREFUSED" } },
  });
  expect(JSON.parse(second ?? "")).toMatchObject({ err: { message: "a text" } });
});
