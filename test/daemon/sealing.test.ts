import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Secret } from "../../src/daemon/model/secret.js";
import { createSealing, type Sealing } from "../../src/daemon/sealing.js";
import { openRecordKey } from "../../src/daemon/secrets/record-key.js";
import type { SecretStore } from "../../src/daemon/secrets/secret-store.js";

let kept: Map<string, Secret>;
let broken: boolean;
let asked: number;
let said: string[];
let sealed: string[];
let pruned: unknown[];
let sealing: Sealing;

const secrets: SecretStore = {
  name: "file",
  async get(name) {
    asked += 1;
    if (broken) throw new Error("the sealed file needs its passphrase");
    return kept.get(name);
  },
  set: async (name, secret) => void kept.set(name, secret),
  delete: async () => {},
};
const none = { sessions: 0, exchanges: 0, bytes: 0 };

function begin(keep: { keepDays?: number; keepBytes?: number } = {}): Sealing {
  return createSealing({
    record: {
      head: () => ({ place: 1, hash: "" }),
      verify: () => Promise.reject(new Error("not asked for")),
      seal: async ({ publicKey }) => void sealed.push(publicKey.toString("hex")),
      prune: async (before) => {
        pruned.push(before.toISOString());
        return { ...none, sessions: 1, exchanges: 3 };
      },
      pruneTo: async (bytes) => {
        pruned.push(bytes);
        return none;
      },
      prunable: async () => none,
    },
    openKey: () => openRecordKey(secrets),
    keepDays: keep.keepDays ?? null,
    keepBytes: keep.keepBytes ?? null,
    log: {
      info: (_, message) => said.push(message),
      warn: (_, message) => said.push(message),
    },
    now: () => new Date("2026-11-24T00:00:00Z"),
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  kept = new Map();
  broken = false;
  asked = 0;
  said = [];
  sealed = [];
  pruned = [];
});
afterEach(async () => {
  await sealing.close();
  vi.useRealTimers();
});

test("sessions that end together are sealed once, with one key that is kept", async () => {
  sealing = begin();
  sealing.sessionOver();
  sealing.sessionOver();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(sealed).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(new Set(sealed).size).toBe(1);
  expect(asked).toBe(1);
  const key = kept.get("record-key");
  await sealing.close();
  sealing = begin();
  expect((await sealing.signer()).publicKey.toString("hex")).toBe(sealed[0]);
  expect(kept.get("record-key")).toBe(key);
});

test("a secret store that cannot be used is said once, and asked again by a person only", async () => {
  sealing = begin();
  broken = true;
  sealing.sessionOver();
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(said).toEqual(["the record is not signed"]);
  expect(asked).toBe(1);
  await expect(sealing.signer()).rejects.toThrow(/passphrase/);
  broken = false;
  await sealing.signer();
  await sealing.close();
  expect(sealed).toHaveLength(1);
});

test("a stop asks nobody for a key", async () => {
  sealing = begin();
  await sealing.close();
  expect(asked).toBe(0);
});

test("old sessions leave by age and by size, now and then", async () => {
  sealing = begin({ keepDays: 30, keepBytes: 5_000_000 });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(pruned).toEqual(["2026-10-25T00:00:00.000Z", 5_000_000]);
  expect(said).toEqual(["old sessions left the record"]);
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(pruned).toHaveLength(4);
});

test("without a limit nothing ever leaves", async () => {
  sealing = begin();
  await vi.advanceTimersByTimeAsync(3 * 60 * 60_000);
  expect(pruned).toEqual([]);
});
