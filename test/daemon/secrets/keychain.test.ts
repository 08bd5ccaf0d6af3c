import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Secret } from "../../../src/daemon/model/secret.js";
import { createKeychainStore } from "../../../src/daemon/secrets/keychain.js";
import { SecretStoreError } from "../../../src/daemon/secrets/secret-store.js";
import { secretStoreContract } from "../../contracts/secret-store.js";
import { type Keyring, missingForKeyring, openBus } from "./keyring.js";

const missing = missingForKeyring();
const key = new Secret("sk-live-0123456789");
let homes = 0;
const open = (scope = `home ${homes}`) => createKeychainStore({ scope });

async function faultOf(promise: Promise<unknown>): Promise<SecretStoreError> {
  const error = await promise.then(
    () => new Error("it succeeded"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SecretStoreError)) throw error;
  expect(error.hint).toContain("--secret-store file");
  return error;
}

test.runIf(process.env.HOOPX_TEST_ALL === "1")("a real keyring is there to test with", () => {
  expect(missing).toBeUndefined();
});

describe.skipIf(missing !== undefined)(`a real keyring${missing ? ` (${missing})` : ""}`, () => {
  let keyring: Keyring;
  beforeAll(async () => {
    keyring = await openBus();
  });
  afterAll(() => keyring.close());

  test("a bus without a Secret Service: no-service", async () => {
    expect(await faultOf(open().get("one"))).toMatchObject({ fault: "no-service" });
    expect(await faultOf(open().set("one", key))).toMatchObject({ fault: "no-service" });
  });

  test("a service without a collection: no-collection, on reading too", async () => {
    await keyring.start("none");
    expect(await faultOf(open().get("one"))).toMatchObject({ fault: "no-collection" });
    expect(await faultOf(open().set("one", key))).toMatchObject({ fault: "no-collection" });
  });

  describe("unlocked", () => {
    beforeAll(() => keyring.start("unlocked"));
    beforeEach(() => {
      homes += 1;
    });

    secretStoreContract("the keychain", {
      fresh: async () => open(),
      reopen: async () => open(),
    });

    test("two homes share nothing", async () => {
      await open("one home").set("openai", key);
      expect(await open("another home").get("openai")).toBeUndefined();
      await open("another home").delete("openai");
      expect((await open("one home").get("openai"))?.equals(key)).toBe(true);
    });
  });

  test("a keyring locked before the first use: locked", async () => {
    await keyring.start("unlocked");
    await open().set("one", key);
    keyring.lock();
    expect(await faultOf(open().get("one"))).toMatchObject({ fault: "locked" });
    expect(await faultOf(open().get("absent"))).toMatchObject({ fault: "locked" });
    expect(await faultOf(open().set("two", key))).toMatchObject({ fault: "locked" });
  });

  test("a keyring locked later: locked, never another secret or none", async () => {
    await keyring.start("unlocked");
    const store = open();
    await store.set("one", key);
    keyring.lock();
    expect(await faultOf(store.get("one"))).toMatchObject({ fault: "locked" });
    expect(await faultOf(store.delete("one"))).toMatchObject({ fault: "locked" });
  });

  test("a keyring that went and came back is used again", async () => {
    await keyring.start("unlocked");
    const store = open();
    await store.set("one", key);
    await keyring.stop();
    expect(await faultOf(store.get("one"))).toMatchObject({ fault: "no-service" });
    await keyring.start("unlocked");
    await store.set("one", key);
    expect((await store.get("one"))?.equals(key)).toBe(true);
  });

  test("a keyring that hangs: timeout, before the first use and after", async () => {
    await keyring.start("unlocked");
    const store = open();
    await store.set("one", key);
    keyring.signal("SIGSTOP");
    expect(await faultOf(store.get("one"))).toMatchObject({ fault: "timeout" });
    expect(await faultOf(open().get("one"))).toMatchObject({ fault: "timeout" });
    keyring.signal("SIGCONT");
    // A set is a person's and tries anew at once; reads believe it from then on.
    await store.set("one", key);
    expect((await store.get("one"))?.equals(key)).toBe(true);
  });
});

/** A keychain that keeps its entries in a map and fails or hangs when told to. */
function fakeLibrary(fail: () => Promise<void> | undefined = () => undefined) {
  const kept = new Map<string, string>();
  const calls = { open: 0, now: 0, atOnce: 0 };
  const step = async <Result>(job: () => Result): Promise<Result> => {
    calls.now += 1;
    calls.atOnce = Math.max(calls.atOnce, calls.now);
    try {
      await new Promise(setImmediate);
      await fail();
      return job();
    } finally {
      calls.now -= 1;
    }
  };
  const load = async () => (account: string) => {
    calls.open += 1;
    return {
      getPassword: () => step(() => kept.get(account) ?? null),
      setPassword: (text: string) => step(() => void kept.set(account, text)),
      deletePassword: () => step(() => kept.delete(account)),
    };
  };
  return { kept, calls, load };
}

describe("the store over any keychain", () => {
  test("calls take their turn and the probe runs once", async () => {
    const { load, calls, kept } = fakeLibrary();
    const store = createKeychainStore({ scope: "home", load });
    await Promise.all(["a", "b", "c"].map((name) => store.set(name, key)));
    expect(calls.atOnce).toBe(1);
    expect(calls.open).toBe(4);
    expect(kept.size).toBe(3);
  });

  test("no entry is longer than 1,200 characters, none is left behind", async () => {
    const { load, kept } = fakeLibrary();
    const store = createKeychainStore({ scope: "home", load });
    for (const length of [5000, 3000]) {
      await store.set("long", new Secret("x".repeat(length)));
      expect(Math.max(...[...kept.values()].map((text) => text.length))).toBeLessThanOrEqual(1200);
    }
    expect(kept.size).toBe(1 + Math.ceil(4000 / 1200));
    await store.delete("long");
    expect(kept.size).toBe(0);
  });

  test("a secret cut short by a failed write stays the old one", async () => {
    let left = Number.POSITIVE_INFINITY;
    const { load } = fakeLibrary(() => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error("D-Bus error: gone")) : undefined;
    });
    const store = createKeychainStore({ scope: "home", load });
    await store.set("long", new Secret("a".repeat(4000)));
    left = 3;
    await faultOf(store.set("long", new Secret("b".repeat(4000))));
    left = Number.POSITIVE_INFINITY;
    expect((await store.get("long"))?.reveal()).toBe("a".repeat(4000));
  });

  test("a part that went missing is damage, not a shorter secret", async () => {
    const { load, kept } = fakeLibrary();
    const store = createKeychainStore({ scope: "home", load });
    await store.set("long", new Secret("x".repeat(4000)));
    kept.delete([...kept.keys()].find((account) => account.endsWith(".1")) ?? "");
    await expect(store.get("long")).rejects.toMatchObject({ fault: "damaged" });
  });

  test("a call that never returns: timeout for it, for those in its queue and for later reads", async () => {
    let hangs = false;
    let release = () => {};
    const { load, calls } = fakeLibrary(() =>
      hangs ? new Promise<void>((resolve) => (release = resolve)) : undefined,
    );
    let time = 0;
    const store = createKeychainStore({ scope: "home", load, timeout: 50, now: () => time });
    await store.set("one", key);
    hangs = true;
    const faults = await Promise.all([faultOf(store.get("one")), faultOf(store.set("two", key))]);
    expect(faults.map(({ fault }) => fault)).toEqual(["timeout", "timeout"]);
    expect(calls.atOnce).toBe(1);

    hangs = false;
    release();
    expect(await faultOf(store.get("one"))).toMatchObject({ fault: "timeout" });
    time += 15_001;
    expect((await store.get("one"))?.equals(key)).toBe(true);
  });

  test("a failure nobody knows: unsupported", async () => {
    const { load } = fakeLibrary(() => Promise.reject(new Error("something new")));
    const store = createKeychainStore({ scope: "home", load });
    expect(await faultOf(store.get("one"))).toMatchObject({ fault: "unsupported" });
  });

  test("a keychain that quotes the secret in its error does not get it into ours", async () => {
    let quotes = false;
    const { load } = fakeLibrary(() =>
      quotes ? Promise.reject(new Error(`cannot keep ${key.reveal()}`)) : undefined,
    );
    const store = createKeychainStore({ scope: "home", load });
    await store.get("one");
    quotes = true;
    const error = await faultOf(store.set("one", key));
    const shown = inspect(error, { depth: null, showHidden: true }) + JSON.stringify(error);
    expect(shown + error.stack + error.hint).not.toContain(key.reveal());
  });

  test("a keychain that forgets the canary is refused", async () => {
    const { load, kept } = fakeLibrary();
    kept.set = () => kept;
    const store = createKeychainStore({ scope: "home", load });
    expect((await faultOf(store.set("one", key))).message).toContain("did not give back");
  });
});
