import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { homeOf } from "../../../src/contract/home.js";
import { composeRecord, type RecordOptions } from "../../../src/daemon/compose/record.js";
import { createMasking } from "../../../src/daemon/masking/create-masking.js";
import type { Connection } from "../../../src/daemon/model/connection.js";
import type { Secret } from "../../../src/daemon/model/secret.js";
import type { SecretStore } from "../../../src/daemon/secrets/secret-store.js";
import { sessionOf } from "../../contracts/records.js";
import { actorWith } from "../../support/actors.js";
import { canEncrypt } from "../store/can-encrypt.js";
import { temporaryFolder } from "../store/temporary-folder.js";

const keep = { keepDays: null, keepBytes: null };
const plain = { secretStore: "keychain", store: { encrypt: false }, record: keep } as const;
const encrypted = { secretStore: "file", store: { encrypt: true }, record: keep } as const;

const connection: Connection = {
  name: "openai",
  provider: "openai",
  origin: "https://api.openai.com",
  basePath: "/v1",
  credential: { kind: "static-key", secretStore: "file", secretName: "openai" },
  allowPrivateNetwork: false,
  createdAt: new Date(),
  rotatedAt: null,
};

/** A home of its own, whose secrets are kept in memory; a warning is a failure. */
function newHome() {
  const folder = temporaryFolder();
  const home = { ...homeOf({ HOOPX_HOME: folder }), data: folder };
  const fail = (_: object, message: string) => expect.fail(message);
  const log = { info() {}, warn: fail, error: fail };
  const kept = new Map<string, Secret>();
  const file: SecretStore = {
    name: "file",
    get: async (name) => kept.get(name),
    set: async (name, secret) => void kept.set(name, secret),
    delete: async () => {},
  };
  /** The record as a daemon with these settings has it. */
  async function open(config: RecordOptions["config"], changed: Partial<RecordOptions> = {}) {
    const rooms = await composeRecord({
      ...{ home, log, config, stores: { keychain: file, file } },
      connections: { list: () => [] },
      masking: createMasking({ compile: () => [] }),
      now: () => new Date(),
      ...changed,
    });
    async function close() {
      await rooms.sealing.close();
      await rooms.store.close();
    }
    return { ...rooms, close };
  }
  return { folder, kept, file, open };
}

test("encrypted from when it is wanted until it is not, with a key that is kept", async () => {
  const { folder, kept, open } = newHome();
  const beginning = () => readFileSync(join(folder, "hoopx.db")).toString("latin1", 0, 15);
  const session = sessionOf();
  const first = await open(plain);
  await first.store.sessions.add(session);
  await first.close();
  expect(beginning()).toBe("SQLite format 3");
  if (!canEncrypt()) return;

  for (let time = 0; time < 2; time += 1) {
    const { store, close } = await open(encrypted);
    expect(await store.sessions.find("last")).toMatchObject([{ id: session.id }]);
    expect((await store.record.verify()).problems).toEqual([]);
    await close();
    expect(beginning()).not.toBe("SQLite format 3");
  }
  const key = kept.get("record-store-key");
  kept.delete("record-store-key");
  await expect(open(encrypted)).rejects.toThrow(/no record-store-key/);
  if (key) kept.set("record-store-key", key);
  const again = await open(plain);
  expect(await again.store.sessions.find("last")).toMatchObject([{ id: session.id }]);
  await again.close();
  expect(beginning()).toBe("SQLite format 3");
  expect(existsSync(join(folder, "record-encrypted.json"))).toBe(false);
});

test("the record of a home answers for itself, signed with the key of the chosen store", async () => {
  const { folder, file, open } = newHome();
  const keychain: SecretStore = { ...file, get: () => expect.fail("the keychain was asked") };
  const stores = { keychain, file };
  const { store, handlers, close } = await open(plain, {
    stores,
    connections: { list: () => [connection] },
  });
  await store.sessions.add(sessionOf());
  const { signal } = new AbortController();
  const call = { params: {}, query: new URLSearchParams(), actor: actorWith(), signal };
  const view = await handlers.recordVerify({ ...call, body: {} });
  expect(view).toMatchObject({ ok: true, links: 1, records: 1, unsigned: null });
  expect(JSON.parse(readFileSync(join(folder, "record-key.json"), "utf8")).store).toBe("file");
  await close();
  expect(existsSync(join(folder, "hoopx.db"))).toBe(true);
});

test.skipIf(!canEncrypt())("a copy of an encrypted record is verified with its key", async () => {
  const { folder, open } = newHome();
  const begun = await open(encrypted);
  await begun.store.sessions.add(sessionOf());
  await begun.close();
  const copy = join(folder, "copy.db");
  cpSync(join(folder, "hoopx.db"), copy);
  writeFileSync(join(folder, "none.db"), "no record at all ".repeat(1_000));
  const { handlers, close } = await open(encrypted);
  const verify = (name: string) => {
    const { signal } = new AbortController();
    const call = { params: {}, query: new URLSearchParams(), actor: actorWith(), signal };
    return handlers.recordVerify({ ...call, body: { file: join(folder, name) } });
  };
  expect(await verify("copy.db")).toMatchObject({ ok: true, links: 1, records: 1 });
  await expect(verify("none.db")).rejects.toThrow(/cannot be read as a record/);
  await expect(verify("absent.db")).rejects.toThrow(/cannot be read as a record/);
  await close();
});
