/** Tables: the cells below a header that names a secret, until the table is over, whatever the cut. */
import { describe, expect, test } from "vitest";
import { genericPairRules } from "../../../../src/daemon/masking/rules/generic-pairs.js";
import { expectSameAtEveryCut } from "../../../support/cut-check.js";
import { openMaskingOf } from "../../../support/invented-rules.js";

const first = ["gWfv6", "6B65bjK"].join("");
const second = ["Zt7", "qLw93vXb"].join("");
const open = () => openMaskingOf(genericPairRules);

const tables: Record<string, string> = {
  "CSV, the secret last": `username,password\nbob,${first}\nann,${second}\n`,
  "CSV, the secret first": `password,username\n${first},bob\n${second},ann\n`,
  "CSV with a comma in quotes": `name,password,host\n"Bob, Ann",${first},db7\nann,"${second}",db8\n`,
  "CSV with a carriage return": `user,password\r\nbob,${first}\r\nann,${second}\r\n`,
  "semicolons, the secret between": `app;password;host\nshop;${first};db7\nblog;${second};db8`,
  tabs: `user\tapi_key\nbob\t${first}\nann\t${second}\n`,
  Markdown: `| user | password |\n| --- | --- |\n| bob | ${first} |\n| ann | ${second} |\n`,
  psql: ` id | password\n----+-----------\n  1 | ${first}\n  2 | ${second}\n(2 rows)\n`,
};

const hidden = (text: string) =>
  text.replace(first, "[masked:generic-password]#1").replace(second, "[masked:generic-password]#2");

describe("each cell of the column is hidden", () => {
  test.each(Object.entries(tables))("%s", (_, text) => {
    expect(open().mask(text).text).toBe(hidden(text));
    expect(open().mask(`Accounts:\n\n${text}`).text).toBe(hidden(`Accounts:\n\n${text}`));
  });

  test.each(Object.entries(tables))("%s: the same at every cut", (_, text) => {
    expectSameAtEveryCut(open, text, () => 0);
  });

  test("a table of many rows, in small pieces", () => {
    const rows = Array.from({ length: 400 }, (_, row) => `user${row},${first}`).join("\n");
    const masked = open().mask(`name,password\n${rows}\n`).text;
    expect(masked).not.toContain(first);
    expect(masked.match(/#1$/gm)).toHaveLength(400);
  });
});

test("a table ends with the first line that is no row of it", () => {
  const text = `user,password\nbob,${first}\n\nThat was all.\nann,${second}\n`;
  const masked = open().mask(text).text;
  expect(masked).not.toContain(first);
  expect(masked).toContain(`ann,${second}`);
});

test.each([
  "username,email\nbob,b0b-2291\n",
  "| field | required |\n|---|---|\n| password | yes |\n| host | no |\n",
  "user,password\nbob,\nann,********\n",
  "Choose a user, a password, and a host.\nThen run x7Kp2q, or wait.\n",
])("nothing in %j", (text) => {
  expect(open().mask(text).text).toBe(text);
});

test("a header whose rows never come holds nothing back", () => {
  const stream = open().openText();
  stream.push("user,password\n");
  stream.push("x".repeat(5000));
  const left = stream.settled().join("");
  expect(left.startsWith("user,password\nxxx")).toBe(true);
  stream.end();
});
