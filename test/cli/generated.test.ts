/** What is made from the command table is as fresh as the table; `-u` makes it anew. */
import { expect, test } from "vitest";
import {
  completionFiles,
  completionScripts,
  type Shell,
} from "../../src/cli/completion/scripts.js";
import { renderReference } from "./reference.js";

test.each(Object.keys(completionFiles) as Shell[])("completions: %s", async (shell) => {
  await expect(completionScripts[shell]).toMatchFileSnapshot(
    `../../completions/${completionFiles[shell]}`,
  );
});

test("docs/cli.md", async () => {
  await expect(renderReference()).toMatchFileSnapshot("../../docs/cli.md");
});
