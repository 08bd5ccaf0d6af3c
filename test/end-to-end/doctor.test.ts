/** `hoopx doctor` as built: a healthy home, an agent that goes past hoopx, a daemon that cannot start. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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

const six = [
  "prot: 4141",
  "port: high",
  "secretStore: keychian",
  "limits: { bodyByte: 1, connections: 0 }",
  "log: { level: loud }",
];

test("six mistakes in config.yaml are six lines, on a terminal's stderr, in JSON and in doctor", async () => {
  const broken = createHome();
  mkdirSync(join(broken.path, "config"), { recursive: true });
  writeFileSync(join(broken.path, "config/config.yaml"), `${six.join("\n")}\n`);
  const { code, stderr } = await broken.hoopx(["connections"]);
  expect(code).toBe(1);
  const [first, ...lines] = stderr.trimEnd().split("\n");
  expect(first).toBe("error: the daemon did not start: 6 settings cannot be used");
  expect(lines.pop()).toBe("hint: mend them, then hoopx daemon start");
  expect(lines).toHaveLength(6);
  for (const line of lines) expect(line).toMatch(/^ {2}\S+config\.yaml:\d+:\d+: \S.*$/);
  const { stdout } = await broken.hoopx(["connections", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: "daemon_not_started", details: lines.map((line) => line.trim()) },
  });
  const { checks } = await doctor(broken);
  expect(
    checks.filter(({ name, outcome }) => name === "settings" && outcome === "failed"),
  ).toHaveLength(6);
});

test("config.yaml is held to its schema while a daemon runs that was started before the edit", async () => {
  const file = join(home.path, "config/config.yaml");
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  writeFileSync(file, `${before}\nlimits: { connections: 512 }\n`);
  const edited = await doctor(home);
  expect(edited.ok).toBe(true);
  expect(edited.of("settings")).toMatchObject({ outcome: "warning", hint: "hoopx daemon restart" });
  writeFileSync(file, `${before}\nlimits: { conections: 512 }\n`);
  const wrong = await doctor(home);
  expect(wrong.ok).toBe(false);
  expect(wrong.of("settings")?.message).toMatch(
    /config\.yaml:\d+:11: no setting limits\.conections; did you mean connections\?$/,
  );
  // Nor is the daemon that works stopped for it.
  const { pid } = await home.daemon();
  const restarted = await home.hoopx(["daemon", "restart"]);
  expect(restarted.code).toBe(1);
  expect(restarted.stderr).toMatch(
    /goes on with the settings it has: .*no setting limits\.conections/,
  );
  expect((await home.daemon()).pid).toBe(pid);
  writeFileSync(file, before);
  expect((await doctor(home)).of("settings")).toMatchObject({ outcome: "ok" });
});
