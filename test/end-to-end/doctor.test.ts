/** `hoopx doctor` as built: a healthy home, an agent that goes past hoopx, a daemon that cannot start. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CheckView } from "../../src/contract/checkup-views.js";
import { connectedHome } from "../support/connected-home.js";
import { agentsFolder, createHome, type TestHome } from "../support/home.js";

const key = "sk-real-doctor-0123456789abcdef";
const { api, home } = await connectedHome(key);

async function doctor(at: TestHome, ...command: readonly string[]) {
  const words = command.length === 0 ? [] : ["--", ...command];
  const { code, stdout, stderr } = await at.hoopx(["doctor", "--json", ...words]);
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: CheckView[] };
  expect(code, stderr).toBe(ok ? 0 : 1);
  return { ok, stderr, checks, of: (name: string) => checks.find((each) => each.name === name) };
}

test("a home that works: daemon, secrets, processes, upstream and clock", async () => {
  const { ok, of } = await doctor(home);
  expect(ok).toBe(true);
  expect(of("daemon")).toMatchObject({ outcome: "ok" });
  expect(of("sealed file")).toMatchObject({ outcome: "ok" });
  expect(of("keychain")?.outcome).not.toBe("failed");
  const held = process.platform === "linux" ? "ok" : "skipped";
  expect(of("process check")).toMatchObject({ outcome: held });
  expect(of("identity provider")).toMatchObject({ outcome: "skipped" });
  expect(of("connection openai")?.message).toContain("GET /v1/models → 200");
  expect(of("clock")).toMatchObject({ outcome: "ok" });
});

test("-- CMD: an SDK that goes through hoopx, its output on stderr", async () => {
  const ask = join(agentsFolder, "ask.mjs");
  const { ok, of, stderr } = await doctor(home, process.execPath, ask, "models");
  expect(ok).toBe(true);
  expect(of("command")?.message).toBe("1 exchange came through hoopx: models.list");
  expect(stderr).toContain("gpt-mock");
});

test("-- CMD: one that goes past hoopx is found out", async () => {
  const past = `fetch("${api.baseUrl}/models", { headers: { authorization: "Bearer ${key}" } }).then((reply) => console.log(reply.status))`;
  const { ok, of, stderr } = await doctor(home, process.execPath, "-e", past);
  expect(stderr).toContain("200");
  expect(ok).toBe(false);
  expect(of("command")).toMatchObject({ outcome: "failed", message: "nothing came through hoopx" });
  expect(of("command")?.hint).toContain("OPENAI_BASE_URL");
});

test("a daemon that cannot start is the finding, and the rest is said to be unknown", async () => {
  const broken = createHome();
  mkdirSync(join(broken.path, "config"), { recursive: true });
  writeFileSync(join(broken.path, "config/config.yaml"), "limits: { bodyByte: 1 }\n");
  const { ok, checks, of } = await doctor(broken, "true");
  expect(ok).toBe(false);
  expect(of("daemon")).toMatchObject({ outcome: "failed" });
  expect(of("daemon")?.message).toContain("config.yaml:1:");
  expect(checks.slice(1).every(({ outcome }) => outcome === "skipped")).toBe(true);
  const told = await broken.hoopx(["doctor"]);
  expect(told.code).toBe(1);
  expect(told.stdout).toMatch(/^✗ daemon .*config\.yaml/);
  await broken.dispose();
});
