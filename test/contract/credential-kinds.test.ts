import { expect, test } from "vitest";
import {
  type CredentialKindRow,
  credentialKinds,
  credentialSettings,
} from "../../src/contract/credential-kinds.js";

const rows: readonly (readonly [string, CredentialKindRow])[] = Object.entries(credentialKinds);

test.each(rows)("%s names each setting once, and says what it is", (_kind, row) => {
  const names = [...row.required, ...row.optional];
  expect(new Set(names).size).toBe(names.length);
  expect(row.summary).toMatch(/^[a-zA-Z].+[^.]$/);
});

test("every setting belongs to a kind", () => {
  const used = new Set(rows.flatMap(([, { required, optional }]) => [...required, ...optional]));
  expect([...used].sort()).toEqual(Object.keys(credentialSettings).sort());
});
