import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { adminOperations } from "../../../../src/daemon/providers/openai/admin-operations.js";
import { operations } from "../../../../src/daemon/providers/openai/operations.js";

const all = [...operations, ...adminOperations];
const doc = readFileSync(new URL("../../../../docs/openai-operations.md", import.meta.url), "utf8");

test("docs/openai-operations.md shows the table as it is", () => {
  const rows = all.map(({ method, template, action }) => {
    const body = action.mintsCredential ? `${action.body}, mints a credential` : action.body;
    return `| \`${action.name}\` | ${action.class} | \`${method} ${template}\` | ${body} |`;
  });
  const shown = doc.split("\n").filter((line) => /^\| `[a-z_.]+` \|/.test(line));
  // On a difference, the rows to paste are in the message.
  expect(shown).toEqual(rows);
});

test("and its counts are right", () => {
  for (const name of ["read", "inference", "write", "admin"] as const) {
    const count = all.filter(({ action }) => action.class === name).length;
    expect(doc).toContain(`| ${name} | ${count} |`);
  }
  expect(doc).toContain(`${all.length} operations`);
});
