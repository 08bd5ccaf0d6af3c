import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Secret } from "../../../src/daemon/model/secret.js";
import { createSealedFileStore } from "../../../src/daemon/secrets/sealed-file.js";
import { SecretStoreError } from "../../../src/daemon/secrets/secret-store.js";
import { secretStoreContract } from "../../contracts/secret-store.js";

let home: string;
let file: string;
let keyFile: string;

const newHome = () => {
  home = mkdtempSync(join(tmpdir(), "hoopx-sealed-"));
  file = join(home, "data", "secrets.sealed");
  keyFile = join(home, "config", "secrets.key");
};
const open = () => createSealedFileStore({ file, keyFile });
const key = new Secret("sk-live-0123456789");
const passphrase = new Secret("correct horse");

beforeEach(newHome);
afterEach(() => rm(home, { recursive: true, force: true }));

secretStoreContract("the sealed file", {
  fresh: async () => open(),
  reopen: async () => open(),
});

async function faultOf(promise: Promise<unknown>): Promise<SecretStoreError> {
  const error = await promise.then(
    () => new Error("it succeeded"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SecretStoreError)) throw error;
  expect(inspect(error) + JSON.stringify(error) + error.hint).not.toMatch(/sk-live|horse/);
  return error;
}

const modeOf = (path: string) => statSync(path).mode & 0o777;

test("two daemons that write at once lose nothing of each other's, given a lock", async () => {
  let held: Promise<void> = Promise.resolve();
  const lock = async () => {
    const before = held;
    let release = () => {};
    held = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return release;
  };
  const stores = [1, 2].map(() => createSealedFileStore({ file, keyFile, lock }));
  await stores[0]?.set("first", key);
  await Promise.all(
    Array.from({ length: 20 }, (_, at) => stores[at % 2]?.set(`name-${at}`, new Secret(`${at}`))),
  );
  const reader = open();
  for (let at = 0; at < 20; at += 1) {
    expect((await reader.get(`name-${at}`))?.reveal()).toBe(String(at));
  }
});

describe("a file sealed by a key file", () => {
  test("both are the owner's alone, and neither shows a name or a secret", async () => {
    await open().set("connection-name", key);
    expect([modeOf(file), modeOf(keyFile), modeOf(join(home, "data"))]).toEqual([
      0o600, 0o600, 0o700,
    ]);
    for (const path of [file, keyFile]) {
      expect(readFileSync(path, "latin1")).not.toMatch(/sk-live|connection-name/);
    }
    expect(readdirSync(join(home, "data"))).toEqual(["secrets.sealed"]);
  });

  test("reading an unused store makes no file", async () => {
    const store = open();
    expect(await store.get("one")).toBeUndefined();
    await store.delete("one");
    expect(readdirSync(home)).toEqual([]);
  });

  test.each([
    ["sealed file", () => file],
    ["key file", () => keyFile],
  ])("a %s open to others is refused with the command that mends it", async (_name, pathOf) => {
    await open().set("one", key);
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(pathOf(), mode);
      const error = await faultOf(open().get("one"));
      expect(error).toMatchObject({ fault: "damaged", hint: `chmod 600 ${pathOf()}` });
    }
    chmodSync(pathOf(), 0o600);
    expect((await open().get("one"))?.equals(key)).toBe(true);
  });

  test("a missing, foreign or broken key file is named", async () => {
    await open().set("one", key);
    for (const [text, message] of [
      [`${"0".repeat(64)}\n`, /is not the key/],
      ["rubbish", /holds no key/],
    ] as const) {
      writeFileSync(keyFile, text);
      const error = await faultOf(open().get("one"));
      expect(error.fault).toBe("damaged");
      expect(error.message).toMatch(message);
    }
    await rm(keyFile);
    expect((await faultOf(open().set("two", key))).message).toMatch(/is missing/);
  });

  test("a passphrase for it is refused, not ignored", async () => {
    await open().set("one", key);
    expect(await faultOf(open().unlock(passphrase))).toMatchObject({ fault: "passphrase-wrong" });
  });
});

describe("a file sealed by a passphrase", () => {
  test("is opened by it and by nothing else", async () => {
    const store = open();
    await store.unlock(passphrase);
    await store.set("one", key);
    expect(readdirSync(home)).toEqual(["data"]);

    const reopened = open();
    expect(await faultOf(reopened.get("one"))).toMatchObject({ fault: "passphrase-needed" });
    expect(await faultOf(reopened.set("two", key))).toMatchObject({ fault: "passphrase-needed" });
    expect(await faultOf(reopened.unlock(new Secret("wrong horse")))).toMatchObject({
      fault: "passphrase-wrong",
    });
    expect(await faultOf(reopened.unlock(new Secret("")))).toMatchObject({
      fault: "passphrase-wrong",
    });
    await reopened.unlock(passphrase);
    expect((await reopened.get("one"))?.equals(key)).toBe(true);
  });

  test("a wrong passphrase does not close what is open", async () => {
    const store = open();
    await store.unlock(passphrase);
    await store.set("one", key);
    await faultOf(store.unlock(new Secret("wrong horse")));
    expect((await store.get("one"))?.equals(key)).toBe(true);
  });

  test("the same passphrase makes another salt, key and text in another home", async () => {
    const texts: string[] = [];
    for (const _home of [1, 2]) {
      newHome();
      const store = open();
      await store.unlock(passphrase);
      await store.set("one", key);
      texts.push(readFileSync(file, "latin1"));
    }
    const lines = texts.map((text) => text.split("\n"));
    for (const line of [1, 2, 3]) expect(lines[0]?.[line]).not.toBe(lines[1]?.[line]);
  });
});

describe("damage", () => {
  test("any changed byte is found", async () => {
    await open().set("one", key);
    const whole = readFileSync(file);
    for (let at = 0; at < whole.length; at += 1) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] as number) ^ 1;
      writeFileSync(file, changed);
      expect(await faultOf(open().get("one")), `byte ${at}`).toMatchObject({ fault: "damaged" });
    }
  });

  test("a cut file is found, and never written over", async () => {
    await open().set("one", key);
    const whole = readFileSync(file);
    for (const length of [0, 1, 20, whole.length - 30, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, length));
      expect(await faultOf(open().get("one"))).toMatchObject({ fault: "damaged" });
      expect(await faultOf(open().set("two", key))).toMatchObject({ fault: "damaged" });
      expect(statSync(file).size).toBe(length);
    }
  });

  test("the heading of one file does not fit the body of another", async () => {
    await open().set("one", key);
    const [first, second, sum] = readFileSync(file, "latin1").split("\n");
    const store = open();
    await rm(file);
    await store.unlock(passphrase);
    await store.set("one", key);
    const body = readFileSync(file, "latin1").split("\n")[3];
    writeFileSync(file, [first, second, sum, body, ""].join("\n"));
    expect(await faultOf(open().get("one"))).toMatchObject({ fault: "damaged" });
  });

  test("a folder that cannot be written is said, and the old file stays", async () => {
    await open().set("one", key);
    const before = readFileSync(file);
    // A link into nothing: the write fails for root as well, as a read-only folder would for others.
    const lost = join(home, "lost");
    await symlink(join(home, "nowhere", "deep"), lost);
    const store = createSealedFileStore({ file: join(lost, "secrets.sealed"), keyFile });
    const error = await faultOf(store.set("one", key));
    expect(error.fault).toBe("unwritable");
    expect(error.hint).not.toBe("");
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test("a failed write leaves the store usable for the next", async () => {
    const store = open();
    await store.set("one", key);
    chmodSync(file, 0o644);
    await faultOf(store.set("two", key));
    chmodSync(file, 0o600);
    await store.set("two", key);
    expect((await open().get("two"))?.equals(key)).toBe(true);
    expect(readdirSync(join(home, "data"))).toEqual(["secrets.sealed"]);
  });
});
