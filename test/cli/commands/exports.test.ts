/** `sessions export` and `import` as a person asks for them, with a daemon whose answers are written down. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CliError } from "../../../src/cli/cli-error.js";
import { run as runExport } from "../../../src/cli/commands/sessions/export.js";
import { run as runImport } from "../../../src/cli/commands/sessions/import.js";
import type { Context } from "../../../src/cli/context.js";
import { sessionView } from "../support/views.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hoopx-export-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lines = Buffer.from('{"line":"session"}\n{"line":"seal"}\n');

function contextOf(answer: Iterable<Buffer>, change: { json?: boolean; active?: boolean } = {}) {
  const { json = false, active = false } = change;
  const written: string[] = [];
  const notes: string[] = [];
  const sent: string[] = [];
  const interruption = new AbortController();
  const context = {
    json,
    version: "0.0.0-dev",
    stdin: {
      async *bytes() {
        yield Buffer.from("from stdin");
      },
    },
    stdout: { isTTY: false, write: (text: string | Uint8Array) => written.push(String(text)) },
    note: (text: string) => notes.push(text),
    confirm: (text: string) => notes.push(text),
    interrupted: () => interruption.signal,
    client: {
      call: async () => sessionView({ status: active ? "active" : "ended" }),
      async *pass(_name: string, input: AsyncIterable<Uint8Array>) {
        for await (const bytes of input) sent.push(String(bytes));
        yield* answer;
      },
    },
  } as unknown as Context;
  return { context, written, notes, sent, interrupt: () => interruption.abort() };
}

const input = { id: "last", format: "jsonl", width: 80 };

test("an export goes to stdout as it is, or to a file of its own", async () => {
  const { context, written, notes } = contextOf([lines]);
  expect(await runExport(context, input)).toBeUndefined();
  expect([written.join(""), notes]).toEqual([String(lines), []]);

  const output = join(folder, "run.jsonl");
  const filed = contextOf([lines], { json: true });
  await runExport(filed.context, { ...input, output });
  expect(readFileSync(output)).toEqual(lines);
  expect(JSON.parse(filed.written.join(""))).toEqual({
    ...{ session: sessionView().id, format: "jsonl", file: output, bytes: lines.length },
  });
});

test("a file that is there is left alone, and what fails leaves none", async () => {
  const output = join(folder, "run.jsonl");
  writeFileSync(output, "mine");
  const { context } = contextOf([lines]);
  await expect(runExport(context, { ...input, output })).rejects.toMatchObject({
    code: "file_exists",
  });
  expect(readFileSync(output, "utf8")).toBe("mine");
  await runExport(context, { ...input, output, force: true });
  expect(readFileSync(output)).toEqual(lines);

  function* broken() {
    yield lines;
    throw new CliError("daemon_lost", "gone", "try again");
  }
  const other = join(folder, "other.jsonl");
  const lost = runExport(contextOf(broken()).context, { ...input, output: other });
  await expect(lost).rejects.toMatchObject({ code: "daemon_lost" });
  expect(readdirSync(folder)).toEqual(["run.jsonl"]);
});

test("Ctrl-C ends it with 130, without half a file", async () => {
  let interrupt = () => {};
  function* answered() {
    yield lines;
    interrupt();
  }
  const interrupted = contextOf(answered());
  interrupt = interrupted.interrupt;
  const output = join(folder, "run.jsonl");
  expect(await runExport(interrupted.context, { ...input, output })).toBe(130);
  expect(readdirSync(folder)).toEqual([]);
});

test("a session that runs is exported with a word of warning", async () => {
  const { context, notes } = contextOf([lines], { active: true });
  await runExport(context, input);
  expect(notes.join()).toContain("cannot be imported");
});

const outcome = {
  ...{ session: "ses_4k2m9x7q1c3v5b8n", exchanges: 2, frames: 10, reviews: 1, grants: 0 },
  ...{
    head: "ab".repeat(32),
    signedBy: { key: "cd".repeat(32), at: "2026-11-24T09:00:00.000Z", own: false },
  },
};
const answer = [Buffer.from(`${JSON.stringify(outcome)}\n`)];

test("an import says what came and who signed it", async () => {
  const file = join(folder, "run.jsonl");
  writeFileSync(file, lines);
  const { context, notes, sent } = contextOf(answer);
  await runImport(context, { file });
  expect(sent.join("")).toBe(String(lines));
  expect(notes.join()).toBe(
    `imported ses_4k2m9x7q1c3v5b8n: 2 exchanges, 10 frames; signed 2026-11-24T09:00:00.000Z by key ${"cd".repeat(32)}`,
  );
  const json = contextOf(answer, { json: true });
  await runImport(json.context, { file: "-" });
  expect(json.sent).toEqual(["from stdin"]);
  expect(JSON.parse(json.written.join(""))).toEqual(outcome);
});

test("a file that is refused, or that is none, is an error with a way on", async () => {
  const problem = { code: "import_refused", title: "line 7: edited", hint: "export it again" };
  const refused = contextOf([Buffer.from(JSON.stringify({ problem }))]);
  await expect(runImport(refused.context, { file: "-" })).rejects.toMatchObject({
    ...{ code: "import_refused", message: "line 7: edited", exitCode: 1 },
  });
  for (const file of [folder, join(folder, "none")]) {
    await expect(runImport(contextOf([]).context, { file })).rejects.toMatchObject({
      code: "file_unreadable",
    });
  }
});
