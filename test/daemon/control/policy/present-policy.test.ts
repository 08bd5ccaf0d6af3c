/** What a run says of a broken policy is what holds: the file's earlier rules, or a denial of all. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { policyNote } from "../../../../src/daemon/control/policy/present-policy.js";
import { openPolicyFiles } from "../../../../src/daemon/policy/policy-files.js";
import { inputOf } from "../../policy/input.js";

const folder = mkdtempSync(join(tmpdir(), "hoopx-note-"));
afterAll(() => rmSync(folder, { recursive: true }));

const sound = "version: 1\nrules: [{ name: a, when: { models: [gpt-5] }, effect: allow }]\n";
const broken = "version: 1\nrules: [{ name: a, when: {}, effect: alow }]\n";

async function noted(name: string, texts: readonly string[]) {
  const user = join(folder, name);
  writeFileSync(user, texts[0] as string);
  const organisation = join(folder, "none.yaml");
  const files = await openPolicyFiles({
    organisation,
    user,
    detectors: [],
    changed: () => undefined,
  });
  for (const text of texts.slice(1)) {
    writeFileSync(user, text);
    await files.refresh();
  }
  const { layers, problems, policy } = await files.refresh();
  files.close();
  const operation = { model: "gpt-5", models: ["gpt-5"] };
  const { effect } = policy.evaluate(inputOf({ operation }));
  return { effect, notes: problems.map((problem) => policyNote(problem, layers)) };
}

test("after a good one the earlier rules hold, and without one nothing passes", async () => {
  const edited = await noted("edited.yaml", [sound, broken]);
  expect(edited).toMatchObject({ effect: "allow" });
  expect(edited.notes).toEqual([
    expect.stringMatching(
      /^policy: .*:2:\d+: rules\.0\.effect must be .*did you mean allow\?; until it is mended the file's earlier rules stay in force$/,
    ),
  ]);
  const first = await noted("first.yaml", [broken]);
  expect(first).toMatchObject({ effect: "deny" });
  expect(first.notes).toEqual([
    expect.stringMatching(/until it is mended every request is denied$/),
  ]);
});

test("one mistake of indentation is one line", async () => {
  const indented = "version: 1\nrules:\n  - name: a\n     when: {}\n    effect: deny\n";
  expect((await noted("indented.yaml", [indented])).notes).toHaveLength(1);
});
