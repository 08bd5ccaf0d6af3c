import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../../../src/cli/commands/mask/mask.js";
import type { Context } from "../../../src/cli/context.js";
import { colours } from "../../../src/cli/output/colour.js";
import type { MaskFindingView } from "../../../src/contract/views.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hoopx-mask-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const finding: MaskFindingView = {
  line: 3,
  column: 14,
  detector: "email",
  mark: "[masked:email]#1",
  about: "e-mail \u001baddress é",
};

/** A context whose daemon answers with these bytes and tells what it was asked. */
function contextOf(
  answer: Buffer,
  change: { isTTY?: boolean; json?: boolean; left?: boolean } = {},
) {
  const { isTTY = false, json = false, left = false } = change;
  const asked: { query?: unknown; input: string }[] = [];
  const notes: string[] = [];
  const written: Buffer[] = [];
  const interruption = new AbortController();
  const context = {
    json,
    colours: colours(false),
    stdin: {
      isTTY,
      async *bytes() {
        yield Buffer.from("from stdin");
      },
    },
    stdout: {
      isTTY,
      write: (bytes: string | Uint8Array) => written.push(Buffer.from(bytes as string)),
    },
    folder: () => "/here",
    note: (text: string) => notes.push(text),
    interrupted: () => interruption.signal,
    client: {
      async *pass(_name: string, input: AsyncIterable<Uint8Array>, { query }: { query: unknown }) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of input) chunks.push(chunk);
        asked.push({ query, input: Buffer.concat(chunks).toString() });
        // One byte at a time: characters are cut.
        for (const byte of answer) yield Buffer.from([byte]);
        if (left) interruption.abort();
      },
    },
  } as unknown as Context;
  return { context, asked, notes, output: () => Buffer.concat(written) };
}

test("stdin goes through, byte for byte, under the policy of this folder", async () => {
  const answer = Buffer.from([0xff, 0x61, 0]);
  const { context, asked, output } = contextOf(answer);
  expect(await run(context, {})).toBeUndefined();
  expect(output()).toEqual(answer);
  expect(asked).toEqual([{ query: { folder: "/here" }, input: "from stdin" }]);
});

test("a file, and chosen detectors", async () => {
  const file = join(folder, "a.txt");
  writeFileSync(file, "from file");
  const { context, asked } = contextOf(Buffer.from(""));
  await run(context, { file, detectors: "secrets, email" });
  expect(asked).toEqual([
    { query: { folder: "/here", detectors: "secrets,email" }, input: "from file" },
  ]);
});

test.each([
  ["none", "there is no such file"],
  [".", "it is a folder"],
])("the file %s: %s", async (name, why) => {
  const { context, asked } = contextOf(Buffer.from(""));
  const file = join(folder, name);
  await expect(run(context, { file })).rejects.toMatchObject({
    code: "file_unreadable",
    message: `${file} cannot be read: ${why}`,
  });
  expect(asked).toEqual([]);
});

const line = Buffer.from(`${JSON.stringify(finding)}\n`);

test("explain: a row a finding, escaped", async () => {
  const { context, asked, output } = contextOf(line);
  await run(context, { explain: true });
  expect(asked[0]?.query).toMatchObject({ explain: "true" });
  expect(output().toString()).toBe("3:14\temail\te-mail \\x1baddress é\t[masked:email]#1\n");
  const terminal = contextOf(line, { isTTY: true });
  await run(terminal.context, { explain: true });
  expect(terminal.output().toString()).toBe(
    "3:14     email  e-mail \\x1baddress é  [masked:email]#1\n",
  );
  expect(terminal.notes).toEqual(["reading from the terminal (Ctrl-D ends)"]);
});

test("json: one object a line", async () => {
  const { context, output } = contextOf(line, { json: true });
  await run(context, {});
  expect(JSON.parse(output().toString())).toEqual(finding);
});

test("Ctrl-C is 130", async () => {
  expect(await run(contextOf(line, { left: true }).context, {})).toBe(130);
});
