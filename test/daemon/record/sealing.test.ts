import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  createSealing,
  type RecordVault,
  type Sealing,
} from "../../../src/daemon/record/sealing.js";
import type { RecordAnchor } from "../../../src/daemon/secrets/record-anchor.js";
import { RecordLost } from "../../../src/daemon/store/file-watch.js";
import { newSigner } from "../store/signer.js";

let anchor: RecordAnchor | undefined;
let broken: boolean;
let asked: number;
let said: string[];
let sealed: number[];
let pruned: unknown[];
let place: number;
let continues: "yes" | "cut" | "rewritten";
let sealing: Sealing;
let lost: AbortController;

const none = { sessions: 0, exchanges: 0, bytes: 0 };
const hash = "ab".repeat(32);
const vault: RecordVault = {
  signer: newSigner(),
  readAnchor: async () => anchor,
  async keepAnchor(given) {
    if (broken) throw new Error("the sealed file is full");
    anchor = given;
  },
};

function begin(keep: { keepDays?: number; keepBytes?: number; hasKey?: boolean } = {}): Sealing {
  return createSealing({
    record: {
      head: () => ({ place, hash }),
      continues: () => continues,
      async seal() {
        place += 1;
        sealed.push(place);
        return { place, hash };
      },
      settle: async () => {},
      prune: async (before) => {
        pruned.push(before.toISOString());
        return { ...none, sessions: 1, exchanges: 3 };
      },
      pruneTo: async (bytes) => {
        pruned.push(bytes);
        return none;
      },
    },
    async openVault() {
      asked += 1;
      if (broken) throw new Error("the sealed file needs its passphrase");
      return vault;
    },
    hasKey: keep.hasKey ?? false,
    lost: lost.signal,
    keepDays: keep.keepDays ?? null,
    keepBytes: keep.keepBytes ?? null,
    log: {
      info: (_, message) => said.push(message),
      warn: (_, message) => said.push(message),
      error: (_, message) => said.push(message),
    },
    now: () => new Date("2026-11-24T00:00:00Z"),
  });
}

beforeEach(() => {
  lost = new AbortController();
  vi.useFakeTimers();
  anchor = undefined;
  broken = false;
  asked = 0;
  said = [];
  sealed = [];
  pruned = [];
  place = 1;
  continues = "yes";
});
afterEach(async () => {
  await sealing.close();
  vi.useRealTimers();
});

const keptFromNowOn = "the record's head is kept in the secret store from now on";

test("sessions that end together are sealed and anchored once, and again once more was written", async () => {
  sealing = begin();
  sealing.sessionChanged();
  sealing.sessionChanged();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(sealed).toEqual([2]);
  expect(anchor).toMatchObject({ place: 2, hash, accepted: null });
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(sealed).toEqual([2]);
  place = 7;
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(anchor).toMatchObject({ place: 8 });
  expect(asked).toBe(1);
  expect(said).toEqual([keptFromNowOn]);
});

test("a secret store that cannot be used is said once, and asked again by a person only", async () => {
  sealing = begin();
  broken = true;
  sealing.sessionChanged();
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(said).toEqual(["the record is not signed"]);
  expect(asked).toBe(1);
  expect(sealing.standing().state).toBe("not-checked");
  expect(sealing.standing().message).toContain("needs its passphrase");
  await expect(sealing.signer()).rejects.toThrow(/passphrase/);
  broken = false;
  await sealing.signer();
  await sealing.close();
  expect(sealed).toHaveLength(1);
});

test("a secret store that is opened later is asked then, for what it has of the record", async () => {
  anchor = { place: 5, hash, at: new Date(0), accepted: null };
  continues = "cut";
  broken = true;
  sealing = begin({ hasKey: true });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sealing.standing().state).toBe("not-checked");
  broken = false;
  sealing.unlocked();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sealing.standing().state).toBe("altered");
});

test("a stop asks nobody for a key", async () => {
  sealing = begin();
  await sealing.close();
  expect(asked).toBe(0);
});

test("an installation without an anchor has one from its first start on, said once", async () => {
  sealing = begin({ hasKey: true });
  await vi.advanceTimersByTimeAsync(10);
  expect(anchor).toMatchObject({ place: 2 });
  await sealing.close();
  sealing = begin({ hasKey: true });
  await vi.advanceTimersByTimeAsync(10);
  expect(said).toEqual([keptFromNowOn]);
  expect(sealing.standing()).toEqual({ state: "anchored", message: null, hint: null });
});

test("what could not be anchored is anchored later: the record is never behind its anchor", async () => {
  sealing = begin();
  await sealing.signer();
  broken = true;
  sealing.sessionChanged();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(sealed).toEqual([2]);
  expect(anchor).toBeUndefined();
  broken = false;
  sealing.unlocked();
  await vi.advanceTimersByTimeAsync(10);
  expect(anchor?.place).toBe(sealed.at(-1));
});

test.each(["cut", "rewritten"] as const)(
  "a record that was %s is named at the start, not signed and not pruned until it is accepted",
  async (how) => {
    anchor = { place: 5, hash, at: new Date(0), accepted: null };
    continues = how;
    sealing = begin({ hasKey: true, keepDays: 1 });
    await vi.advanceTimersByTimeAsync(20 * 60_000);
    expect(sealing.standing().state).toBe("altered");
    expect(sealing.standing().hint).toContain("hoopx sessions accept");
    expect(said.filter((message) => message.includes("place 5"))).toHaveLength(1);
    expect([sealed, pruned]).toEqual([[], []]);
    await expect(sealing.prune(new Date())).rejects.toThrow(/place 5/);
    await sealing.close();
    expect(anchor?.place).toBe(5);

    await sealing.accept();
    continues = "yes";
    expect(anchor).toMatchObject({ place: 2, accepted: { place: 2, instead: { place: 5, hash } } });
    expect(sealing.standing().state).toBe("anchored");
    await sealing.prune(new Date());
    expect(pruned).not.toEqual([]);
    expect(anchor?.accepted).toMatchObject({ instead: { place: 5 } });
  },
);

test("a record that is lost is not signed; what it held is anchored, so that the next start misses it", async () => {
  sealing = begin();
  sealing.sessionChanged();
  await vi.advanceTimersByTimeAsync(3_000);
  place = 9;
  lost.abort(new RecordLost("hoopx.db was removed", "put it back"));
  await vi.advanceTimersByTimeAsync(20 * 60_000);
  expect(sealed).toEqual([2]);
  expect(anchor?.place).toBe(9);
  expect(sealing.standing()).toMatchObject({ state: "lost", hint: "put it back" });
  await expect(sealing.accept()).rejects.toThrow(/removed/);
});

test("old sessions leave by age and by size, now and then", async () => {
  sealing = begin({ keepDays: 30, keepBytes: 5_000_000 });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(pruned).toEqual(["2026-10-25T00:00:00.000Z", 5_000_000]);
  expect(said).toEqual([keptFromNowOn, "old sessions left the record"]);
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(pruned).toHaveLength(4);
});

test("without a limit nothing ever leaves", async () => {
  sealing = begin();
  await vi.advanceTimersByTimeAsync(3 * 60 * 60_000);
  expect(pruned).toEqual([]);
});
