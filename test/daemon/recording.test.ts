import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { homeOf } from "../../src/contract/home.js";
import type { Connection } from "../../src/daemon/model/connection.js";
import type { Secret } from "../../src/daemon/model/secret.js";
import { createRecording, openRecord } from "../../src/daemon/recording.js";
import type { SecretStore } from "../../src/daemon/secrets/secret-store.js";
import { sessionOf } from "../contracts/records.js";
import { temporaryFolder } from "./store/temporary-folder.js";

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

test("the record of a home answers for itself, signed with the key of the chosen store", async () => {
  const folder = temporaryFolder();
  const home = { ...homeOf({ HOOPX_HOME: folder }), data: folder };
  const log = { info() {}, warn: (_: object, message: string) => expect.fail(message) };
  const kept = new Map<string, Secret>();
  const file: SecretStore = {
    name: "file",
    get: async (name) => kept.get(name),
    set: async (name, secret) => void kept.set(name, secret),
    delete: async () => {},
  };
  const keychain: SecretStore = { ...file, get: () => expect.fail("the keychain was asked") };
  const store = await openRecord(home, log);
  const recording = createRecording({
    ...{ home, store, log },
    connections: { list: () => [connection] },
    config: { secretStore: "keychain", record: { keepDays: null, keepBytes: null } },
    stores: { keychain, file },
    now: () => new Date(),
  });
  await store.sessions.add(sessionOf());
  const call = { params: {}, query: new URLSearchParams(), signal: new AbortController().signal };
  const view = await recording.handlers.recordVerify({ ...call, body: {} });
  expect(view).toMatchObject({ ok: true, links: 1, records: 1, unsigned: null });
  expect(JSON.parse(readFileSync(join(folder, "record-key.json"), "utf8")).store).toBe("file");
  await recording.sealing.close();
  await store.close();
  expect(existsSync(join(folder, "hoopx.db"))).toBe(true);
});
