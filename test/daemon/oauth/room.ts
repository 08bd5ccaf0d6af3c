/** The room as a daemon has it, over a folder, stores in memory and a clock that a test may set. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openReturnPage } from "../../../src/daemon/doors/return-page.js";
import { Secret } from "../../../src/daemon/model/secret.js";
import type { DeviceCode } from "../../../src/daemon/oauth/device-login.js";
import type { IssuerLimits } from "../../../src/daemon/oauth/issuer.js";
import type { Fetch } from "../../../src/daemon/oauth/lenient-reply.js";
import type { Login } from "../../../src/daemon/oauth/logins.js";
import { createOAuth, type OAuth } from "../../../src/daemon/oauth/oauth.js";
import type { SettingsLayer } from "../../../src/daemon/oauth/settings.js";
import type { SignInRequest } from "../../../src/daemon/oauth/sign-in.js";
import { type SecretStore, SecretStoreError } from "../../../src/daemon/secrets/secret-store.js";
import { awaitExclusiveLock } from "../../../src/daemon/store/exclusive-lock.js";
import type { IdentityProvider } from "../../support/identity-provider.js";

export interface MemoryStore extends SecretStore {
  readonly texts: Map<string, string>;
  /** While true it can be neither read nor written. */
  locked: boolean;
  /** While true it can be read only. */
  full: boolean;
}

function createMemoryStore(name: "keychain" | "file" = "keychain"): MemoryStore {
  const texts = new Map<string, string>();
  const open = (writes: boolean) => {
    if (store.locked) throw new SecretStoreError("locked", "the keychain is locked", "unlock it");
    if (store.full && writes) throw new SecretStoreError("unwritable", "it is full", "free space");
  };
  const store: MemoryStore = {
    name,
    texts,
    locked: false,
    full: false,
    async get(key) {
      open(false);
      const text = texts.get(key);
      return text === undefined ? undefined : new Secret(text);
    },
    async set(key, secret) {
      open(true);
      texts.set(key, secret.reveal());
    },
    async delete(key) {
      open(true);
      texts.delete(key);
    },
  };
  return store;
}

export interface Room {
  readonly folder: string;
  readonly keychain: MemoryStore;
  readonly file: MemoryStore;
  readonly warnings: string[];
  /** Milliseconds by which wall clock and monotonic clock are ahead. */
  wall: number;
  passed: number;
  oauth: OAuth;
  /** A daemon of its own over the same folder and stores. */
  another(): OAuth;
  /** Logs a person in with a device code. */
  login(
    idp: IdentityProvider,
    request?: Partial<SignInRequest> & { account?: string },
  ): Promise<Login>;
  remove(): void;
}

export const system = {
  issuer: "os:test",
  subject: "tester",
  email: null,
  groups: [],
  profile: null,
};

export interface RoomOptions {
  readonly configured?: SettingsLayer;
  readonly profile?: string;
  readonly fetch?: Fetch;
  readonly limits?: IssuerLimits;
}

export function openRoom(options: RoomOptions = {}): Room {
  const folder = mkdtempSync(join(tmpdir(), "hoopx-oauth-"));
  const keychain = createMemoryStore();
  const file = createMemoryStore("file");
  const warnings: string[] = [];

  const another = () =>
    createOAuth({
      profilesFile: join(folder, "profiles.yaml"),
      marksFolder: join(folder, "logins"),
      stores: { keychain, file },
      defaultStore: "keychain",
      configured: { profile: options.profile ?? null, ...options.configured },
      systemUser: system,
      async lock(name, signal) {
        const held = await awaitExclusiveLock(join(folder, `${name}.lock`), signal);
        return () => held.release();
      },
      openPage: openReturnPage,
      fetch: options.fetch ?? ((input, init) => fetch(input, init)),
      clock: {
        now: () => new Date(Date.now() + room.wall),
        monotonic: () => performance.now() + room.passed,
      },
      warn: (message) => void warnings.push(message),
      limits: options.limits,
    });

  const room: Room = {
    folder,
    keychain,
    file,
    warnings,
    wall: 0,
    passed: 0,
    oauth: undefined as unknown as OAuth,
    another,

    async login(idp, { account, ...request } = {}) {
      const { issuer, clientId } = idp;
      const begun = await room.oauth.signIn({
        given: { issuer, clientId },
        way: { kind: "device" },
        ...request,
      });
      await idp.approve((begun.show as DeviceCode).userCode, account);
      return begun.finish(new AbortController().signal);
    },

    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  room.oauth = another();
  return room;
}
