/**
 * Exports of a real agent's session, through the built program: each format is
 * what it says; what was exported can be imported, and leaves again byte for
 * byte; what was edited is refused.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RecordVerifyView } from "../../src/contract/record-views.js";
import type { SessionView } from "../../src/contract/views.js";
import { createHome, hoopxProgram, type TestHome } from "../support/home.js";
import { type ModelApi, startModelApi } from "../support/model-api.js";

const key = "sk-real-4f1c9b7be2d84c1f93aa57c6a0d1e8b2";
let api: ModelApi;
let home: TestHome;
let other: TestHome;
let fresh: TestHome;
let session: SessionView;

beforeAll(async () => {
  api = await startModelApi({ key });
  home = createHome();
  other = createHome({ HOOPX_SECRET_STORE: "file" });
  fresh = createHome();
  await home.connect(api.baseUrl, key);
  await home.agent("agent.mjs", ["--stream"]).done;
  session = await home.lastSession();
});
afterAll(async () => {
  await home.dispose();
  await other.dispose();
  await fresh.dispose();
  await api.close();
});

async function exported(at: TestHome, format: string): Promise<string> {
  const { code, stdout, stderr } = await at.hoopx([
    ...["sessions", "export", session.id, "--format", format],
  ]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout;
}

test("export, import, export: the same bytes, in a record that verifies", async () => {
  const first = await exported(home, "jsonl");
  const seal = JSON.parse(first.trimEnd().split("\n").at(-1) ?? "");
  expect(seal).toMatchObject({ line: "seal", partial: false, session: session.id });
  expect(seal.exchanges).toBe(session.counts.exchanges);
  expect(seal.signature).toMatch(/^[0-9a-f]{128}$/);

  const file = join(other.path, "run.jsonl");
  writeFileSync(file, first);
  const imported = await other.json<{ session: string; signedBy: { own: boolean } }>([
    ...["sessions", "import", file],
  ]);
  expect(imported).toMatchObject({ session: session.id, signedBy: { own: false } });
  expect(await exported(other, "jsonl")).toBe(first);
  const { sealed: _, ...shown } = { ...(await other.lastSession()), sealed: null };
  expect(shown).toMatchObject({ id: session.id, status: "ended", counts: session.counts });
  expect(await exported(other, "markdown")).toBe(await exported(home, "markdown"));

  const again = await other.hoopx(["sessions", "import", "-"], { stdin: first });
  expect(again.code).toBe(1);
  expect(again.stderr).toContain("is in the record already");
  const verified = await other.json<RecordVerifyView>(["sessions", "verify"]);
  expect(verified).toMatchObject({ ok: true, problems: [] });
});

test("an edited file is refused with its line, and leaves nothing", async () => {
  const lines = (await exported(home, "jsonl")).split("\n");
  const at = lines.findIndex((line) => line.includes('"line":"frame"'));
  const refused = async (text: string) => {
    const { code, stderr } = await fresh.hoopx(["sessions", "import", "-"], { stdin: text });
    expect(code).toBe(1);
    return stderr;
  };
  const edited = lines.with(at, (lines[at] ?? "").replace("openai", "0penai"));
  expect(await refused(edited.join("\n"))).toContain(`line ${at + 1}: its hash`);
  expect(await refused(lines.toSpliced(at, 1).join("\n"))).toContain(`line ${at + 1}: its hash`);
  expect(await refused(lines.slice(0, -2).join("\n"))).toMatch(
    /line \d+: the end of the export is missing/,
  );
  expect(await fresh.json(["sessions"])).toEqual([]);
});

test("every other format is whole, and says what was asked", async () => {
  const har = JSON.parse(await exported(home, "har"));
  expect(har.log.entries).toHaveLength(session.counts.exchanges);
  const otel = JSON.parse(await exported(home, "otel"));
  expect(otel.resourceSpans[0].scopeSpans[0].spans.length).toBeGreaterThan(1);
  const [header, ...events] = (await exported(home, "asciicast")).trimEnd().split("\n");
  expect(JSON.parse(header ?? "")).toMatchObject({ version: 2, width: 80, height: 24 });
  expect(events.length).toBeGreaterThan(3);
  for (const event of events)
    expect(JSON.parse(event)).toEqual([expect.any(Number), "o", expect.any(String)]);
  expect(await exported(home, "markdown")).toContain(`| session | \`${session.id}\` |`);
  expect(await exported(home, "html")).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  for (const format of ["har", "otel", "asciicast", "markdown", "html", "jsonl"]) {
    expect(await exported(home, format)).not.toContain(key);
  }
});

test("a file is only its owner's, whole, and never replaced unasked", async () => {
  const file = join(home.path, "run.md");
  const args = ["sessions", "export", "last", "--format", "markdown", "--output", file];
  expect((await home.hoopx(args)).code).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  writeFileSync(file, "mine");
  const { code, stderr } = await home.hoopx(args);
  expect([code, readFileSync(file, "utf8")]).toEqual([1, "mine"]);
  expect(stderr).toContain("--force replaces it");
  expect((await home.hoopx([...args, "--force"])).code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(await exported(home, "markdown"));
  const nowhere = join(home.path, "no/such/run.md");
  expect((await home.hoopx([...args.slice(0, -1), nowhere])).stderr).toContain("no such folder");
  expect(existsSync(nowhere)).toBe(false);
});

test("a reader that leaves ends it without a word", async () => {
  const command = '"$0" "$1" sessions export last | head -c 9; echo " $PIPESTATUS"';
  const { stdout, stderr } = await home.spawn("bash", [
    ...["-c", command, process.execPath, hoopxProgram],
  ]).done;
  expect(stderr).toBe("");
  expect(stdout).toBe('{"line":" 0\n');
});

test("a session that still runs is exported as far as it got, and that is not imported", async () => {
  const held = home.agent("hold.mjs", [], { stdin: "open" });
  await held.shows(/./);
  const { stdout, stderr } = await home.hoopx(["sessions", "export", "last"]);
  expect(stderr).toContain("still runs");
  expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ partial: true });
  const { code, stderr: refusal } = await other.hoopx(["sessions", "import", "-"], {
    stdin: stdout,
  });
  expect(code).toBe(1);
  expect(refusal).toContain("not over");
  held.child.kill("SIGKILL");
  await held.done;
});
