import { expect, test } from "vitest";
import { Secret } from "../../../src/daemon/model/secret.js";
import { keepAnchor, readAnchor } from "../../../src/daemon/secrets/record-anchor.js";
import type { SecretStore } from "../../../src/daemon/secrets/secret-store.js";

const kept = new Map<string, Secret>();
const store: SecretStore = {
  name: "file",
  get: async (name) => kept.get(name),
  set: async (name, secret) => void kept.set(name, secret),
  delete: async () => {},
};
const hash = "ab".repeat(32);
const anchor = { place: 7, hash, at: new Date(1), accepted: null };

test("an anchor comes back as it was kept, also with what was accepted", async () => {
  expect(await readAnchor(store)).toBeUndefined();
  await keepAnchor(store, anchor);
  expect(await readAnchor(store)).toEqual(anchor);
  const accepted = { at: new Date(2), place: 3, instead: { place: 9, hash } };
  await keepAnchor(store, { ...anchor, accepted });
  expect(await readAnchor(store)).toEqual({ ...anchor, accepted });
});

test("what is no anchor is an error, and never none at all", async () => {
  for (const text of ["", "{}", '{"place":-1.5}', JSON.stringify({ ...anchor, hash: "x" })]) {
    kept.set("record-anchor", new Secret(text));
    await expect(readAnchor(store)).rejects.toThrow("record-anchor");
  }
});
