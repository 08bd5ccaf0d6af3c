/**
 * What every secret store must do, run on each: the keychain and the sealed
 * file differ in where secrets lie, never in how they are kept.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { Secret } from "../../src/daemon/model/secret.js";
import type { SecretStore } from "../../src/daemon/secrets/secret-store.js";

/** Runs the suite: `fresh` opens a store over a new home, `reopen` another over the same home. */
export function secretStoreContract(
  name: string,
  stores: { fresh(): Promise<SecretStore>; reopen(): Promise<SecretStore> },
): void {
  describe(`${name} as a secret store`, () => {
    let store: SecretStore;
    beforeEach(async () => {
      store = await stores.fresh();
    });

    const textOf = async (key: string, from = store) => (await from.get(key))?.reveal();

    test("has nothing under a name never set", async () => {
      expect(await store.get("absent")).toBeUndefined();
    });

    test("gives back what was set, also after a restart", async () => {
      await store.set("one", new Secret("sk-one"));
      await store.set("two", new Secret("sk-two"));
      expect(await textOf("one")).toBe("sk-one");
      expect(await textOf("two", await stores.reopen())).toBe("sk-two");
    });

    test("the last set wins", async () => {
      await store.set("one", new Secret("sk-old"));
      await store.set("one", new Secret("sk-new"));
      expect(await textOf("one", await stores.reopen())).toBe("sk-new");
    });

    test("forgets what was deleted, and only that", async () => {
      await store.set("one", new Secret("sk-one"));
      await store.set("two", new Secret("sk-two"));
      await store.delete("one");
      const reopened = await stores.reopen();
      expect(await reopened.get("one")).toBeUndefined();
      expect(await textOf("two", reopened)).toBe("sk-two");
    });

    test("deleting what is not there is no error", async () => {
      await store.delete("absent");
      expect(await store.get("absent")).toBeUndefined();
    });

    test.each([
      ["empty", ""],
      ["with quotes, a newline and a tab", 'a"b\\c\nd\te'],
      ["beyond ASCII", "ключ 🔑 schlüssel"],
      ["of 1,200 characters", "x".repeat(1200)],
      ["of 1,201 characters", "x".repeat(1201)],
      ["of 20,001 characters beyond ASCII", "ü🔑".repeat(6667)],
    ])("keeps a text %s", async (_kind, text) => {
      await store.set("text", new Secret(text));
      expect((await textOf("text", await stores.reopen())) === text).toBe(true);
    });

    test("a long secret gives way to a short one, and goes whole", async () => {
      await store.set("long", new Secret("a".repeat(5000)));
      await store.set("long", new Secret("b".repeat(3000)));
      expect(await textOf("long")).toBe("b".repeat(3000));
      await store.set("long", new Secret("short"));
      expect(await textOf("long")).toBe("short");
      await store.delete("long");
      expect(await (await stores.reopen()).get("long")).toBeUndefined();
    });

    test("names that look alike, or like parts of an object, stay apart", async () => {
      const names = ["a", "a#1", "a/1", "__proto__", "constructor"];
      for (const key of names) await store.set(key, new Secret(`value of ${key}`));
      for (const key of names) expect(await textOf(key)).toBe(`value of ${key}`);
      expect(await store.get("toString")).toBeUndefined();
    });

    test("sets at once all arrive", async () => {
      const names = Array.from({ length: 20 }, (_, index) => `secret-${index}`);
      await Promise.all(names.map((key) => store.set(key, new Secret(`value of ${key}`))));
      const reopened = await stores.reopen();
      for (const key of names) expect(await textOf(key, reopened)).toBe(`value of ${key}`);
    });
  });
}
