import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NewConnection } from "../../../src/daemon/connections/new-connection.js";
import { createConnectionRegistry } from "../../../src/daemon/connections/registry.js";
import { RegistryError } from "../../../src/daemon/connections/registry-error.js";
import type { Connection } from "../../../src/daemon/model/connection.js";
import { storedSecretOf } from "../../../src/daemon/model/credential-config.js";
import { Secret } from "../../../src/daemon/model/secret.js";
import { readBoundSecret } from "../../../src/daemon/secrets/bound-secret.js";
import { type SecretStore, SecretStoreError } from "../../../src/daemon/secrets/secret-store.js";

const key = "sk-live-0123456789";
const origin = "https://api.openai.com";
let folder: string;
let file: string;
let warnings: string[];
let time: number;
let kept: { keychain: Map<string, Secret>; file: Map<string, Secret> };
let failing: { set?: boolean; get?: boolean; delete?: boolean };

function storeOver(name: SecretStore["name"]): SecretStore {
  const fail = (call: keyof typeof failing) => {
    if (failing[call]) throw new SecretStoreError("locked", "the keychain is locked", "unlock it");
  };
  return {
    name,
    async get(secretName) {
      fail("get");
      return kept[name].get(secretName);
    },
    async set(secretName, secret) {
      fail("set");
      kept[name].set(secretName, secret);
    },
    async delete(secretName) {
      fail("delete");
      kept[name].delete(secretName);
    },
  };
}

const open = () =>
  createConnectionRegistry({
    file,
    stores: { keychain: storeOver("keychain"), file: storeOver("file") },
    defaultStore: "keychain",
    providers: { openai: "https://api.openai.com/v1" },
    now: () => new Date(time),
    warn: (message) => void warnings.push(message),
  });

const given = (more: Partial<NewConnection> = {}): NewConnection => ({
  name: "openai",
  provider: "openai",
  credential: "static-key",
  secret: new Secret(key),
  ...more,
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hoopx-connections-"));
  file = join(folder, "config", "connections.yaml");
  warnings = [];
  time = Date.UTC(2026, 0, 1);
  kept = { keychain: new Map(), file: new Map() };
  failing = {};
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function errorOf(promise: Promise<unknown>): Promise<RegistryError | SecretStoreError> {
  const error = await promise.then(
    () => new Error("it succeeded"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RegistryError || error instanceof SecretStoreError)) throw error;
  const shown = inspect(error, { depth: null, showHidden: true }) + JSON.stringify(error);
  expect(shown + error.stack + error.hint + warnings.join()).not.toContain("sk-live");
  expect(error.hint).not.toBe("");
  return error;
}

const secretNameOf = ({ credential }: Connection) => storedSecretOf(credential)?.secretName;

const storedKeys = (store: "keychain" | "file" = "keychain") =>
  [...kept[store].values()].map((text) => {
    const bound = readBoundSecret(text);
    return { origin: bound?.origin, value: bound?.value.reveal() };
  });

describe("add", () => {
  test("keeps the row in the file and the key, bound to its origin, in the store", async () => {
    const added = await (await open()).add(given());
    expect(added).toMatchObject({ origin, basePath: "/v1", createdAt: new Date(time) });
    expect(added).toMatchObject({ allowPrivateNetwork: false, rotatedAt: null });
    expect(added.credential).toMatchObject({ kind: "static-key", secretStore: "keychain" });
    expect(storedKeys()).toEqual([{ origin, value: key }]);

    const reopened = await open();
    expect(reopened.list()).toEqual([added]);
    expect(reopened.find("openai")).toEqual(added);
    expect(warnings).toEqual([]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).not.toContain("sk-live");
  });

  test("takes base URL, store and private network as told", async () => {
    const baseUrl = "https://10.1.2.3:8443/v1/";
    const registry = await open();
    expect((await errorOf(registry.add(given({ baseUrl })))).message).toContain("private");
    const told = given({ baseUrl, secretStore: "file", allowPrivateNetwork: true });
    const added = await registry.add(told);
    expect(added).toMatchObject({ origin: "https://10.1.2.3:8443", basePath: "/v1" });
    expect(storedKeys("file")).toEqual([{ origin: added.origin, value: key }]);
    expect((await open()).list()).toEqual([added]);
  });

  test("a check says before the key is known what add and rotate would say, and keeps nothing", async () => {
    const registry = await open();
    const { secret: _, ...keyless } = given();
    await registry.checkNew(keyless);
    expect(registry.list()).toEqual([]);
    for (const wrong of [
      { name: "Not A Name" },
      { provider: "other" },
      { baseUrl: "http://10.1.2.3/v1" },
      { credential: "token-exchange" },
    ]) {
      const checked = await errorOf(registry.checkNew({ ...keyless, ...wrong }));
      const added = await errorOf(registry.add(given(wrong)));
      expect(checked).toMatchObject({ message: added.message, hint: added.hint });
    }
    expect((await errorOf(registry.checkKey("openai"))).message).toContain("openai");
    await registry.add(given());
    await registry.checkKey("openai");
    expect(await errorOf(registry.checkNew(keyless))).toMatchObject({ code: "already_exists" });
    failing.get = true;
    const locked = { fault: "locked", hint: "unlock it" };
    expect(await errorOf(registry.checkNew({ ...keyless, name: "b" }))).toMatchObject(locked);
    expect(await errorOf(registry.checkKey("openai"))).toMatchObject(locked);
    expect(storedKeys()).toHaveLength(1);
  });

  test("a line break at the key's end goes, anything else in it is refused", async () => {
    const registry = await open();
    await registry.add(given({ secret: new Secret(`${key}\r\n`) }));
    expect(storedKeys()).toEqual([{ origin, value: key }]);
    for (const text of ["", "\n", `${key}\n\n`, `${key}\r\nx-evil: 1`, `${key} `, `${key}\t`]) {
      const error = await errorOf(registry.add(given({ name: "b", secret: new Secret(text) })));
      expect(error).toMatchObject({ code: "bad_request" });
    }
    for (const text of [`${key}\0`, `${key}é`, `${key}\u200b`, "x".repeat(4097)]) {
      await errorOf(registry.rotate("openai", new Secret(text)));
    }
    expect(storedKeys()).toEqual([{ origin, value: key }]);
  });

  test.each([
    "",
    "Open",
    "-a",
    "a_b",
    "a/b",
    "..",
    "last",
    "all",
    "hoopx-x",
    "a".repeat(64),
    `${key}-Z`,
  ])("the name %j is refused", async (name) => {
    const error = await errorOf((await open()).add(given({ name })));
    expect(error).toMatchObject({ code: "bad_request" });
    expect(kept.keychain.size).toBe(0);
  });

  test("a name that is taken is refused, saying what else to do", async () => {
    const registry = await open();
    const results = await Promise.allSettled([registry.add(given()), registry.add(given())]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    const error = await errorOf(registry.add(given()));
    expect(error).toMatchObject({ code: "already_exists" });
    expect(error.hint).toMatch(/rotate openai.*remove openai/);
    expect(kept.keychain.size).toBe(1);
  });

  test("an unknown provider and a bad base URL are refused", async () => {
    const registry = await open();
    for (const provider of ["nobody", "constructor", "__proto__"]) {
      await errorOf(registry.add(given({ provider })));
    }
    const plain = await errorOf(registry.add(given({ baseUrl: "http://api.openai.com/v1" })));
    expect(plain.hint).toContain("https");
    await errorOf(registry.add(given({ baseUrl: `https://u:${key}@api.openai.com` })));
  });

  test("a store that refuses leaves no row, and a row that fails no key", async () => {
    const registry = await open();
    failing.set = true;
    expect(await errorOf(registry.add(given()))).toMatchObject({ fault: "locked" });
    expect(registry.list()).toEqual([]);

    failing = {};
    // A folder where the file should come: the rename fails for root as well.
    await mkdir(join(file, "in-the-way"), { recursive: true });
    expect(await errorOf(registry.add(given()))).toMatchObject({ code: "store_unavailable" });
    expect(kept.keychain.size).toBe(0);
  });

  test("adds at once all arrive", async () => {
    const registry = await open();
    const names = ["d", "b", "a", "c"];
    await Promise.all(names.map((name) => registry.add(given({ name }))));
    expect((await open()).list().map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
  });
});

describe("kinds without a key", () => {
  const workload = {
    name: "openai",
    provider: "openai",
    credential: "openai-workload",
    settings: { identityProviderId: "idp_1", serviceAccountId: "sa_1" },
  };

  test("live in the file alone; nothing is stored, rotated or held", async () => {
    failing = { set: true, get: true, delete: true };
    const registry = await open();
    const added = await registry.add(workload);
    expect(added.credential).toEqual({ kind: "openai-workload", ...workload.settings });
    expect((await open()).list()).toEqual([added]);
    expect(await registry.holders({ KEY: "0".repeat(64) })).toEqual([]);
    const rotated = await errorOf(registry.rotate("openai", new Secret(key)));
    expect(rotated.message).toContain("no key to rotate: its credential is openai-workload");
    expect(await registry.remove("openai")).toEqual(added);
    expect((await open()).list()).toEqual([]);
    expect(warnings).toEqual([]);
  });

  test.each([
    [{ settings: {} }, "identityProviderId is missing"],
    [
      { settings: { ...workload.settings, region: "eu-west-1" } },
      "region is not for openai-workload",
    ],
    [{ secret: new Secret(key) }, "openai-workload takes no key"],
    [{ credential: "made-up" }, "credential must be one of static-key"],
    [{ credential: "static-key", settings: {} }, "static-key needs a key"],
  ])("%j is refused", async (change, message) => {
    const error = await errorOf((await open()).add({ ...workload, ...change }));
    expect([(error as RegistryError).code, error.message]).toEqual([
      "bad_request",
      expect.stringContaining(message),
    ]);
    expect(kept.keychain.size).toBe(0);
  });

  test("a client secret is bound to its token endpoint, rotates and goes with the connection", async () => {
    const registry = await open();
    const settings = { tokenUrl: "https://sts.example:8443/token", clientId: "c" };
    const exchange = { ...workload, credential: "token-exchange", settings };
    await registry.add({ ...exchange, secret: new Secret(key) });
    expect(storedKeys()).toEqual([{ origin: "https://sts.example:8443", value: key }]);
    await registry.rotate("openai", new Secret("sk-new"));
    expect(storedKeys()).toEqual([{ origin: "https://sts.example:8443", value: "sk-new" }]);
    await registry.remove("openai");
    expect(storedKeys()).toEqual([]);
  });

  test("a row with a mistake in it is told with its line", async () => {
    const registry = await open();
    await registry.add(workload);
    writeFileSync(file, readFileSync(file, "utf8").replace("sa_1", '"sa 1"'));
    expect((await open()).list()).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/:\d+:\d+: openai.serviceAccountId must be an id/),
    ]);
  });
});

describe("rotate", () => {
  test("replaces the key, says when, and forgets the old one", async () => {
    const registry = await open();
    const added = await registry.add(given());
    time += 1000;
    const rotated = await registry.rotate("openai", new Secret("sk-new\n"));
    expect(rotated).toMatchObject({ createdAt: added.createdAt, rotatedAt: new Date(time) });
    expect(secretNameOf(rotated)).not.toBe(secretNameOf(added));
    expect(storedKeys()).toEqual([{ origin, value: "sk-new" }]);
    expect(registry.find("openai")).toEqual(rotated);
    expect((await open()).list()).toEqual([rotated]);
  });

  test("binds the key to the origin the file has by now", async () => {
    const registry = await open();
    await registry.add(given());
    const moved = readFileSync(file, "utf8").replace(origin, "https://eu.api.openai.com");
    writeFileSync(file, moved);
    expect(storedKeys()).toEqual([{ origin, value: key }]);
    await registry.rotate("openai", new Secret("sk-new"));
    expect(storedKeys()).toEqual([{ origin: "https://eu.api.openai.com", value: "sk-new" }]);
  });

  test("a store that refuses leaves the old key in use", async () => {
    const registry = await open();
    const added = await registry.add(given());
    failing.set = true;
    await errorOf(registry.rotate("openai", new Secret("sk-new")));
    expect(registry.find("openai")).toEqual(added);
    expect(storedKeys()).toEqual([{ origin, value: key }]);
  });

  test("an old key that cannot be removed is told, and the new one is in use", async () => {
    const registry = await open();
    await registry.add(given());
    failing.delete = true;
    const rotated = await registry.rotate("openai", new Secret("sk-new"));
    expect(registry.find("openai")).toEqual(rotated);
    expect(warnings).toEqual([expect.stringMatching(/still stored as openai-.*locked/)]);
  });

  test("what is not there cannot be rotated or removed", async () => {
    const registry = await open();
    const secret = new Secret(key);
    expect(await errorOf(registry.rotate("absent", secret))).toMatchObject({ code: "not_found" });
    expect(await errorOf(registry.remove("absent"))).toMatchObject({ code: "not_found" });
  });
});

describe("remove", () => {
  test("takes the row and the key, and no other", async () => {
    const registry = await open();
    const added = await registry.add(given());
    const other = await registry.add(given({ name: "other" }));
    expect(await registry.remove("openai")).toEqual(added);
    expect((await open()).list()).toEqual([other]);
    expect([...kept.keychain.keys()]).toEqual([secretNameOf(other)]);
  });

  test("a key that cannot be removed is told; the connection is gone", async () => {
    const registry = await open();
    await registry.add(given());
    failing.delete = true;
    const error = await errorOf(registry.remove("openai"));
    expect(error).toMatchObject({ code: "secret_store_unavailable", cause: { fault: "locked" } });
    expect((await open()).list()).toEqual([]);
  });
});

describe("holders", () => {
  const digest = (text: string) => new Secret(text).digest().toString("hex");

  test("names the variables whose value is a stored key", async () => {
    await (await open()).add(given());
    await (await open()).add(given({ name: "b", secret: new Secret("sk-b"), secretStore: "file" }));
    const asked = { A: digest(key), B: digest("sk-b"), HOME: digest("/root"), EMPTY: digest("") };
    const registry = await open();
    expect(await registry.holders(asked)).toEqual(["A", "B"]);
    await registry.rotate("b", new Secret("sk-c"));
    expect(await registry.holders({ ...asked, C: digest("sk-c") })).toEqual(["A", "C"]);
    await registry.remove("openai");
    expect(await registry.holders(asked)).toEqual([]);
  });

  test("no connection, no key to read", async () => {
    failing.get = true;
    expect(await (await open()).holders({ A: digest(key) })).toEqual([]);
  });

  test("a key that cannot be read is an error, not none; one that is missing is none", async () => {
    await (await open()).add(given());
    failing.get = true;
    const registry = await open();
    expect(await errorOf(registry.holders({ A: digest(key) }))).toMatchObject({ fault: "locked" });
    failing = {};
    kept.keychain.clear();
    expect(await registry.holders({ A: digest(key) })).toEqual([]);
  });
});

describe("the file", () => {
  const row = (more = "") =>
    `  good:
    provider: openai
    baseUrl: https://api.openai.com/v1
    credential: static-key
    secretStore: keychain
    secretName: good-1
    createdAt: 2026-01-01T00:00:00.000Z
${more}`;
  async function openWith(text: string) {
    await mkdir(join(folder, "config"), { recursive: true });
    writeFileSync(file, text);
    return open();
  }

  test("that does not parse is told with its line, gives no connection, and is not overwritten", async () => {
    const text = `connections:\n${row()}  good: twice\n`;
    const registry = await openWith(text);
    expect(registry.list()).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/connections\.yaml:9:3: this key is there twice/),
    ]);
    expect((await errorOf(registry.add(given()))).hint).toContain("mend");
    await errorOf(registry.remove("good"));
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(kept.keychain.size).toBe(0);
  });

  test.each(["- a\n", "connections: [a]\n", "text\n"])(
    "%j is no map of connections",
    async (text) => {
      await openWith(text);
      expect(warnings).toEqual([expect.stringContaining("it is not a map of connections")]);
    },
  );

  test.each(["", "# mine\n", "connections:\n", "connections: {}\n"])(
    "%j is empty, and takes a connection",
    async (text) => {
      const registry = await openWith(text);
      expect([registry.list(), warnings]).toEqual([[], []]);
      await registry.add(given());
      expect((await open()).list()).toHaveLength(1);
      if (text.startsWith("#")) expect(readFileSync(file, "utf8")).toContain("# mine");
    },
  );

  test.each([
    ["  bad: 1\n", /:9:3: bad must be a map of keys and values, and is a number$/],
    [row().replace("good:", "Bad:"), /:9:3: Bad is not a connection's name/],
    [
      row("    surprise: 1\n").replace("good:", "bad:"),
      /:16:15: bad.surprise is not for static-key, which takes no settings/,
    ],
    [
      row().replace("good:", "bad:").replace("openai\n", "nobody\n"),
      /:10:15: bad.provider must be one of openai/,
    ],
    [
      row().replace("good:", "bad:").replace("https:", "http:"),
      /:11:14: bad.baseUrl cannot be used: http would/,
    ],
    [
      row().replace("good:", "bad:").replace("api.openai.com", "169.254.169.254"),
      /link-local|metadata/,
    ],
    [
      row().replace("good:", "bad:").replace("2026-01-01T", "soon"),
      /:15:16: bad.createdAt must be a time such as 2026/,
    ],
    [row().replace("good:", "bad:").replace("good-1", "../x"), /bad.secretName/],
    ["  bad: *good\n", /bad/],
  ])("a row that is not understood is told, and the others stand (%#)", async (bad, problem) => {
    const registry = await openWith(`connections:\n${row().replace("good:", "good: &good")}${bad}`);
    expect(registry.list().map(({ name }) => name)).toEqual(["good"]);
    expect(warnings).toEqual([expect.stringMatching(problem)]);
    expect(registry.find("bad")).toBeUndefined();
  });

  test("edits keep comments and the rows that are not understood", async () => {
    const registry = await openWith(`# mine\nconnections:\n${row()}  bad: 1 # why\n`);
    await registry.add(given());
    await registry.remove("good");
    const text = readFileSync(file, "utf8");
    expect(text).toContain("# mine");
    expect(text).toContain("bad: 1 # why");
    expect(registry.list().map(({ name }) => name)).toEqual(["openai"]);
    const error = await errorOf(registry.add(given({ name: "bad" })));
    expect(error).toMatchObject({ code: "already_exists" });
    expect(error.hint).toContain("mend it or take it out");
  });
});
