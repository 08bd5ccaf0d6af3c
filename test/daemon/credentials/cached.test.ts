import { setMaxListeners } from "node:events";
import { expect, test } from "vitest";
import { createCachedSource } from "../../../src/daemon/credentials/cached.js";
import {
  type Credential,
  CredentialError,
  type CredentialSource,
} from "../../../src/daemon/credentials/source.js";
import { ann, connectionWith } from "../../contracts/credential-source.js";

const connection = connectionWith({ kind: "oidc" });
const { signal } = new AbortController();
setMaxListeners(0, signal);
const minute = 60_000;

/** A source whose answers the test gives, under clocks that the test turns. */
function open(lifetime: number | undefined = 60 * minute) {
  const clock = { wall: 1_000_000, monotonic: 50 };
  const asked: { resolve(credential: Credential): void; reject(error: Error): void }[] = [];
  const over = new AbortController();
  const rejections: (Credential | undefined)[] = [];
  const source: CredentialSource = {
    obtain: (_connection, _identity, _signal, rejected) => {
      rejections.push(rejected);
      return new Promise((resolve, reject) => asked.push({ resolve, reject }));
    },
  };
  const cached = createCachedSource({
    source,
    now: () => clock.wall,
    monotonic: () => clock.monotonic,
    limit: 60_000,
    over: over.signal,
  });
  const obtain = (rejected?: Credential) => cached.obtain(connection, ann, signal, rejected);
  return {
    cached,
    clock,
    asked,
    over,
    rejections,
    obtain,
    pass(milliseconds: number) {
      clock.wall += milliseconds;
      clock.monotonic += milliseconds;
    },
    /** Answers the last question. */
    async answer(name: string, had: Promise<Credential> = obtain()) {
      const credential = credentialNamed(name, lifetime);
      await Promise.resolve();
      asked.at(-1)?.resolve(credential);
      await had;
      return credential;
    },
  };
}

const credentialNamed = (name: string, lifetime: number | undefined): Credential => ({
  sensitive: [name],
  apply() {},
  ...(lifetime !== undefined && { lifetime }),
});

/** Lets what is settled be told to those who wait. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("kept for its life, less a margin", async () => {
  const { answer, obtain, pass, asked } = open();
  const first = await answer("one");
  pass(39 * minute);
  expect(await obtain()).toBe(first);
  expect(asked).toHaveLength(1);
});

test("in its last twenty minutes another is fetched, once, and nobody waits for it", async () => {
  const { answer, obtain, pass, asked } = open();
  const first = await answer("one");
  pass(41 * minute);
  expect(await obtain()).toBe(first);
  expect(await obtain()).toBe(first);
  expect(asked).toHaveLength(2);
  const second = credentialNamed("two", 60 * minute);
  asked[1]?.resolve(second);
  await settled();
  expect(await obtain()).toBe(second);
  expect(asked).toHaveLength(2);
});

test("an early fetch that fails is tried again after a pause, and the old one serves on", async () => {
  const { answer, obtain, pass, asked } = open();
  const first = await answer("one");
  pass(41 * minute);
  await obtain();
  asked[1]?.reject(new CredentialError("away", "wait"));
  await settled();
  for (let index = 0; index < 20; index += 1) expect(await obtain()).toBe(first);
  expect(asked).toHaveLength(2);
  pass(6_000);
  await obtain();
  expect(asked).toHaveLength(3);
});

test("over, it waits for the next; a failure is told and forgotten", async () => {
  const { answer, obtain, pass, asked } = open();
  await answer("one");
  pass(60 * minute);
  const failing = [obtain(), obtain()];
  asked[1]?.reject(new CredentialError("away", "wait"));
  for (const each of failing) await expect(each).rejects.toThrow("away");
  await answer("two");
  expect(asked).toHaveLength(3);
});

test.each([
  ["a clock set back", -10 * minute, 0, 1],
  ["a clock set back a day", -1440 * minute, 0, 1],
  // It costs a token call and nothing else.
  ["a clock set ahead", 61 * minute, 0, 2],
  ["a machine that slept", 61 * minute, 1, 2],
  ["an hour by the monotonic clock alone", -1440 * minute, 61 * minute, 2],
])("%s", async (_what, wall, monotonic, asks) => {
  const { answer, obtain, clock, asked } = open();
  await answer("one");
  clock.wall += wall;
  clock.monotonic += monotonic;
  void obtain();
  expect(asked).toHaveLength(asks);
});

test("one that says nothing of its end is kept for five minutes", async () => {
  const { obtain, pass, asked } = open();
  const had = obtain();
  const unsaid = credentialNamed("one", undefined);
  asked[0]?.resolve(unsaid);
  await had;
  pass(3 * minute);
  expect(await obtain()).toBe(unsaid);
  pass(2 * minute);
  void obtain();
  expect(asked).toHaveLength(2);
});

test("what was refused is replaced, with the word of it, and not used again while it is", async () => {
  const { answer, obtain, asked, rejections } = open();
  const first = await answer("one");
  const replaced = obtain(first);
  const meanwhile = obtain();
  expect(asked).toHaveLength(2);
  expect(rejections).toEqual([undefined, first]);
  const second = credentialNamed("two", 60 * minute);
  asked[1]?.resolve(second);
  expect([await replaced, await meanwhile]).toEqual([second, second]);
  // Who comes late with the first gets the second.
  expect(await obtain(first)).toBe(second);
  expect(asked).toHaveLength(2);
});

test("an upstream that refuses everything costs one call in ten seconds", async () => {
  const { answer, obtain, pass, asked } = open();
  const first = await answer("one");
  const second = await answer("two", obtain(first));
  expect(await obtain(second)).toBe(second);
  pass(9_000);
  expect(await obtain(second)).toBe(second);
  expect(asked).toHaveLength(2);
  pass(2_000);
  void obtain(second);
  expect(asked).toHaveLength(3);
});

test("a replacement that fails leaves nothing behind", async () => {
  const { answer, obtain, asked } = open();
  const first = await answer("one");
  const replaced = obtain(first);
  asked[1]?.reject(new CredentialError("away", "wait"));
  await expect(replaced).rejects.toThrow("away");
  void obtain();
  expect(asked).toHaveLength(3);
});

test("apart by connection, identity and profile; a changed connection asks anew", async () => {
  const { answer, cached, asked } = open();
  await answer("one");
  const others = [
    [connection, { ...ann, subject: "bob" }],
    [connection, { ...ann, issuer: "https://other.example" }],
    [connection, { ...ann, profile: "work" }],
    [{ ...connection, name: "other" }, ann],
    [{ ...connection, origin: "https://moved.example" }, ann],
  ] as const;
  for (const [where, who] of others) void cached.obtain(where, who, signal).catch(() => {});
  expect(asked).toHaveLength(1 + others.length);
});

test("the same connection read again from its file is the same", async () => {
  const { answer, cached } = open();
  const first = await answer("one");
  const again = { ...connection, createdAt: new Date(connection.createdAt) };
  expect(await cached.obtain(again, ann, signal)).toBe(first);
});

test("known tells the last that was had, whoever for, and asks nobody", async () => {
  const { answer, cached, asked, pass } = open();
  expect(cached.known(connection)).toBeUndefined();
  const first = await answer("one");
  expect(cached.known(connection)).toBe(first);
  expect(cached.known({ ...connection, origin: "https://moved.example" })).toBeUndefined();
  expect(cached.known({ ...connection, name: "other" })).toBeUndefined();
  pass(minute);
  const bob = cached.obtain(connection, { ...ann, subject: "bob" }, signal);
  const second = await answer("two", bob);
  expect(cached.known(connection)).toBe(second);
  pass(60 * minute);
  expect(cached.known(connection)).toBeUndefined();
  expect(asked).toHaveLength(2);
});

test("forget lets go of an identity's, and of no other's", async () => {
  const { answer, cached, obtain, asked } = open();
  const first = await answer("one");
  cached.forget({ ...ann, subject: "bob" });
  expect(await obtain()).toBe(first);
  cached.forget(ann);
  expect(cached.known(connection)).toBeUndefined();
  void obtain();
  expect(asked).toHaveLength(2);
});

test("a source that heeds no signal cannot keep anybody waiting past the daemon's stop", async () => {
  const { obtain, over } = open();
  const waiting = obtain();
  over.abort(new Error("the daemon stops"));
  await expect(waiting).rejects.toThrow("the daemon stops");
});
