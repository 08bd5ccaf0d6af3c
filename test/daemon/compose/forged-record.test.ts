/**
 * Whoever can write the record's file and has no key cannot pass another one
 * off as the record: every way of doing so is named by the next start and by
 * verify, and is neither signed nor pruned until a person accepts it.
 */
import { cpSync, existsSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { homeOf } from "../../../src/contract/home.js";
import { composeRecord } from "../../../src/daemon/compose/record.js";
import { createMasking } from "../../../src/daemon/masking/create-masking.js";
import type { Secret } from "../../../src/daemon/model/secret.js";
import { type SecretStore, SecretStoreError } from "../../../src/daemon/secrets/secret-store.js";
import {
  canonicalText,
  columnsOf,
  linkedKinds,
  tableOf,
} from "../../../src/daemon/store/canonical.js";
import { createLinkHash, genesis } from "../../../src/daemon/store/chain.js";
import { type Database, openSqlite } from "../../../src/daemon/store/sqlite.js";
import { close, openingOf, sessionOf } from "../../contracts/records.js";
import { actorWith } from "../../support/actors.js";
import { eventually } from "../../support/home.js";
import { canEncrypt } from "../store/can-encrypt.js";
import { temporaryFolder } from "../store/temporary-folder.js";

const first = BigInt(Date.now()) << 22n;
const suffixes = ["", "-wal", "-shm"];
let nextKey = first;
let folder: string;
let kept: Map<string, Secret>;
let said: string[];
let locked: boolean;

beforeEach(() => {
  folder = temporaryFolder();
  kept = new Map();
  said = [];
  locked = false;
});

/** The record of a home as a daemon has it from its start on; `encrypt`: its file is encrypted. */
async function begin({ data = folder, secrets = kept, encrypt = false } = {}) {
  const home = { ...homeOf({ HOOPX_HOME: data }), data };
  const file: SecretStore = {
    name: "file",
    async get(name) {
      if (locked) throw new SecretStoreError("locked", "the keychain is locked", "unlock it");
      return secrets.get(name);
    },
    set: async (name, secret) => void secrets.set(name, secret),
    delete: async (name) => void secrets.delete(name),
  };
  const log = {
    info() {},
    warn: (_: object, message: string) => void said.push(message),
    error: (_: object, message: string) => void said.push(message),
  };
  const stores = { keychain: file, file };
  const { store, sealing, handlers } = await composeRecord({
    ...{ home, stores, log },
    config: {
      secretStore: "file",
      store: { encrypt },
      record: { keepDays: null, keepBytes: null },
    },
    connections: { list: () => [] },
    masking: createMasking({ compile: () => [] }),
    now: () => new Date(),
  });
  const { signal } = new AbortController();
  const call = { params: {}, query: new URLSearchParams(), actor: actorWith(), signal };
  return {
    store,
    sealing,
    verify: () => handlers.recordVerify({ ...call, body: {} }),
    accept: () => handlers.recordAccept({ ...call, body: {} }),
    prune: () =>
      handlers.recordPrune({ ...call, body: { before: new Date().toISOString(), dryRun: false } }),
    async end() {
      await sealing.close();
      await store.close();
    },
  };
}

/** A daemon's life: a session with an exchange, sealed as it stops. */
async function live(options: Parameters<typeof begin>[0] = {}): Promise<void> {
  const { store, sealing, end } = await begin(options);
  await sealing.signer();
  const session = sessionOf();
  await store.sessions.add(session);
  nextKey += 1n;
  await store.transcripts.open(openingOf(nextKey, { sessionId: session.id }));
  await close(store, nextKey);
  const over = { status: "ended", endedAt: new Date(1), exitCode: 0 } as const;
  await store.sessions.end(session.id, over);
  await end();
}

function copyRecord(from: string, to: string): void {
  for (const end of suffixes) {
    const [source, target] = [join(from, `hoopx.db${end}`), join(to, `hoopx.db${end}`)];
    rmSync(target, { force: true });
    if (existsSync(source)) cpSync(source, target);
  }
}

function edit(run: (database: Database) => void): void {
  const database = openSqlite(join(folder, "hoopx.db"));
  run(database);
  database.close();
}

/** Makes a chain that is right in itself of what is there: no key is needed for that. */
function hashAgain(database: Database): void {
  const linkHash = createLinkHash();
  const rows = linkedKinds.flatMap((kind) => {
    const { table, key, frames = "NULL" } = tableOf[kind];
    const columns = columnsOf[kind].join(", ");
    return database
      .prepare(`SELECT ${columns}, place, ${frames}, CAST(${key} AS TEXT) FROM ${table}`)
      .raw()
      .all()
      .map((row) => ({ kind, row: row as unknown[] }));
  });
  const width = (kind: (typeof linkedKinds)[number]) => columnsOf[kind].length;
  const placeOf = ({ kind, row }: (typeof rows)[number]) => row[width(kind)] as number;
  rows.sort((one, other) => placeOf(one) - placeOf(other));
  let before = genesis.hash;
  for (const { kind, row } of rows) {
    const columns = row.slice(0, width(kind)) as string[];
    const [place, frames, key] = row.slice(width(kind)) as [number, Buffer | null, string];
    before = linkHash(before, place, canonicalText(kind, columns), frames);
    const { table, key: name } = tableOf[kind];
    database.prepare(`UPDATE ${table} SET hash = ? WHERE ${name} = ?`).run(before, BigInt(key));
  }
  database.exec(
    "UPDATE ended SET hash = (SELECT hash FROM changes WHERE changes.place = ended.place)",
  );
}

/** Each leaves a record that is right by all that the file itself says. */
const forgeries: Readonly<Record<string, (earlier: string) => void | Promise<void>>> = {
  "an older copy": (earlier) => copyRecord(earlier, folder),
  "everything above an earlier seal deleted"() {
    edit((database) => {
      const [seal] = database.prepare("SELECT place FROM seals ORDER BY place").pluck().all();
      for (const kind of linkedKinds) {
        database.prepare(`DELETE FROM ${tableOf[kind].table} WHERE place > ?`).run(seal);
      }
      database.prepare("DELETE FROM seals WHERE place > ?").run(seal);
      database.exec(`DELETE FROM sessions WHERE id NOT IN (SELECT key FROM changes);
        UPDATE ended SET place = NULL, hash = NULL, through = 0`);
    });
  },
  "a row edited, all hashes made again and the seals dropped"() {
    edit((database) => {
      database.exec("UPDATE exchanges SET model = 'other'; DELETE FROM seals");
      database.exec("UPDATE changes SET kind = 'none' WHERE kind = 'seal'");
      hashAgain(database);
    });
  },
  async "another installation's record without its seals"() {
    const data = temporaryFolder();
    const secrets = new Map<string, Secret>();
    for (let times = 0; times < 4; times += 1) await live({ data, secrets });
    copyRecord(data, folder);
    edit((database) => database.exec("DELETE FROM seals"));
  },
  "no file"() {
    for (const end of suffixes) rmSync(join(folder, `hoopx.db${end}`), { force: true });
  },
  "an empty file": () => truncateSync(join(folder, "hoopx.db"), 0),
  "a foreign SQLite file"() {
    rmSync(join(folder, "hoopx.db"));
    edit((database) => database.exec("CREATE TABLE notes (text TEXT)"));
  },
};

test.each(Object.keys(forgeries))(
  "%s in the record's place is named until it is accepted",
  async (way) => {
    await live();
    const earlier = temporaryFolder();
    copyRecord(folder, earlier);
    await live();
    await forgeries[way]?.(earlier);

    for (let start = 0; start < 2; start += 1) {
      said = [];
      const forged = await begin();
      const found = await eventually(
        forged.sealing.standing,
        ({ state }) => state !== "not-anchored",
      );
      expect(found.state).toBe("altered");
      expect(said).toContain(found.message);
      await forged.store.sessions.add(sessionOf());
      const report = await forged.verify();
      expect(report.ok).toBe(false);
      const named = report.problems.filter(({ record }) => record === "seal");
      expect(named.map(({ message }) => message).join()).toMatch(/secret store/);
      await expect(forged.prune()).rejects.toThrow(/sealed|secret store/);
      await forged.end();
    }

    const again = await begin();
    await again.accept();
    expect(again.sealing.standing().state).toBe("anchored");
    expect((await again.verify()).anchored?.accepted).not.toBeNull();
    await again.end();
    const later = await begin();
    await later.sealing.anchor();
    expect(later.sealing.standing().state).toBe("anchored");
    await later.end();
  },
);

test.each([false, true])(
  "a record that nobody touched goes on from its anchor (encrypted: %s)",
  async (encrypt) => {
    if (encrypt && !canEncrypt()) return;
    for (let times = 0; times < 3; times += 1) await live({ encrypt });
    const whole = await begin({ encrypt });
    const report = await whole.verify();
    expect(report.problems).toEqual([]);
    expect(report.anchored).toMatchObject({ place: report.head.place, accepted: null });
    await whole.prune();
    expect((await whole.verify()).problems).toEqual([]);
    await whole.end();
    expect(said).toEqual([]);
  },
);

test("a seal that was taken out is missed", async () => {
  for (let times = 0; times < 3; times += 1) await live();
  edit((database) =>
    database.exec("DELETE FROM seals WHERE place = (SELECT min(place) FROM seals)"),
  );
  const { verify, end } = await begin();
  const { problems } = await verify();
  expect(problems).toMatchObject([{ kind: "deleted", record: "seal" }]);
  await end();
});

test("seals of before they were in the chain are held to their signature alone", async () => {
  await live();
  edit((database) => {
    database.exec(`DELETE FROM changes WHERE kind = 'seal'; UPDATE seals SET place = place - 1,
      hash = (SELECT hash FROM changes ORDER BY place DESC LIMIT 1)`);
    database.exec("UPDATE ended SET place = NULL, hash = NULL");
  });
  kept.delete("record-anchor");
  const older = await begin();
  const { problems } = await older.verify();
  expect(problems.map(({ kind }) => kind)).toEqual(["signature"]);
  await older.end();
});

test("a daemon that dies between seal and anchor leaves a record that goes on from its anchor", async () => {
  await live();
  const anchor = kept.get("record-anchor");
  await live();
  if (anchor !== undefined) kept.set("record-anchor", anchor);
  const { verify, sealing, end } = await begin();
  expect((await verify()).ok).toBe(true);
  expect(sealing.standing().state).toBe("anchored");
  await end();
});

test("two homes that share nothing do not take each other's anchor", async () => {
  const data = temporaryFolder();
  const secrets = new Map<string, Secret>();
  for (let times = 0; times < 2; times += 1) {
    await live();
    await live({ data, secrets });
  }
  const { verify, end } = await begin({ data, secrets });
  expect((await verify()).ok).toBe(true);
  await end();
});

test("a locked secret store loses nothing: it is said, verify asks for it, and it is held then", async () => {
  await live();
  const before = kept.get("record-anchor");
  locked = true;
  const { store, sealing, verify, end } = await begin();
  await eventually(sealing.standing, ({ state }) => state === "not-checked");
  await store.sessions.add(sessionOf());
  await expect(verify()).rejects.toThrow("the keychain is locked");
  expect(kept.get("record-anchor")).toBe(before);
  locked = false;
  sealing.unlocked();
  await eventually(sealing.standing, ({ state }) => state === "anchored");
  expect((await verify()).problems).toEqual([]);
  await end();
  expect(said).toEqual(["the record is not signed"]);
});
