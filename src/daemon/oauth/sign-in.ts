/**
 * Sign in: a login from its first request to its refresh token in the secret
 * store. Whether that store can be used is found out before the person is
 * asked for anything; a login that was given up, or that the store does not
 * take, leaves nothing behind but what was there before.
 */
import type { SecretStoreName } from "../model/credential-config.js";
import type { SecretStore } from "../secrets/secret-store.js";
import { type Accepted, acceptReply } from "./accepted-reply.js";
import { type ReturnPage, startCodeLogin } from "./code-login.js";
import type { Clock } from "./deadline.js";
import { type DeviceCode, startDeviceLogin } from "./device-login.js";
import type { Identities, ProfileChoice } from "./identities.js";
import type { Issuer, TokenReply } from "./issuer.js";
import type { Fetch } from "./lenient-reply.js";
import { LoginError } from "./login-error.js";
import { type LoginVault, newGeneration } from "./login-vault.js";
import type { Login, Logins, Upkeep } from "./logins.js";
import type { ProfileRow, Profiles } from "./profiles.js";
import { type LoginSettings, mergeLayers, type SettingsLayer, settle } from "./settings.js";
import { logWorkloadIn, type WorkloadProof } from "./workload.js";

export interface SignInRequest extends ProfileChoice {
  /** By flags: remembered of a person's login. */
  readonly given: SettingsLayer;
  readonly way: { readonly kind: "device" } | { readonly kind: "browser" } | WorkloadProof;
  readonly secretStore?: SecretStoreName | undefined;
  /** Remember a workload's settings too. */
  readonly save?: boolean | undefined;
}

export interface AuthorizationRequest {
  readonly authorizationUrl: string;
  readonly expiresIn: number;
}

export interface BegunSignIn {
  /** What to show the person; undefined where there is none. */
  readonly show: DeviceCode | AuthorizationRequest | undefined;
  /** Waits for the end of it; a signal that aborts gives it up. */
  finish(signal: AbortSignal): Promise<Login>;
}

export type SignIn = (request: SignInRequest) => Promise<BegunSignIn>;

export interface SignInOptions {
  readonly identities: Identities;
  readonly logins: Logins;
  readonly profiles: Profiles;
  readonly vault: LoginVault;
  readonly stores: Readonly<Record<SecretStoreName, SecretStore>>;
  readonly defaultStore: SecretStoreName;
  readonly openIssuer: (settings: LoginSettings) => Promise<Issuer>;
  readonly openPage: () => Promise<ReturnPage>;
  readonly lock: (name: string, signal: AbortSignal) => Promise<() => void>;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

const lockLimit = 60_000;

/** Creates the ways in. */
export function createSignIn(options: SignInOptions): SignIn {
  const { identities, logins, profiles, vault, openIssuer, fetch, clock } = options;

  return async function signIn(request) {
    const { profile, layer } = await identities.choose(request);
    const row = rowFor((await profiles.get(profile)) ?? {}, request.given);
    const settings = settle(mergeLayers(withoutRow(layer, request), row, request.given));
    if (settings === undefined) throw noIssuer();
    const { way } = request;
    if (way.kind !== "device" && way.kind !== "browser") {
      return workload(
        profile,
        settings,
        way,
        request.save === true ? { ...row, ...request.given } : undefined,
      );
    }
    if (settings.clientId === null) throw noClient(settings.issuer);
    const store = request.secretStore ?? options.defaultStore;
    // Locked, missing or shut: better said now than after the person has done their part.
    await options.stores[store].get(`login.${profile}`);
    const issuer = await openIssuer(settings);
    const remembered = { ...row, ...request.given };

    async function accept(reply: TokenReply, nonce: string | undefined, signal: AbortSignal) {
      const accepted = await acceptReply(reply, {
        issuer,
        settings: settings as LoginSettings,
        profile,
        clock,
        nonce,
      });
      signal.throwIfAborted();
      return keep(profile, settings as LoginSettings, store, reply, accepted, remembered);
    }

    if (way.kind === "browser") {
      const code = await startCodeLogin(issuer, settings, options.openPage);
      const { authorizationUrl, expiresIn } = code;
      return {
        show: { authorizationUrl, expiresIn },
        async finish(signal) {
          try {
            return await code.finish((reply, nonce) => accept(reply, nonce, signal), signal);
          } finally {
            code.close();
          }
        },
      };
    }
    const device = await startDeviceLogin(issuer, settings, clock);
    return {
      show: device.code,
      finish: async (signal) => accept(await device.poll(signal), undefined, signal),
    };
  };

  function workload(
    profile: string,
    settings: LoginSettings,
    proof: WorkloadProof,
    remembered: ProfileRow | undefined,
  ): BegunSignIn {
    return {
      show: undefined,
      async finish(signal) {
        const accepted = await logWorkloadIn(proof, {
          settings,
          profile,
          fetch,
          clock,
          openIssuer,
        });
        signal.throwIfAborted();
        if (remembered !== undefined)
          await profiles.set(profile, { ...remembered, workload: saved(proof) });
        return adopt(profile, settings, accepted, { by: "proof", proof });
      },
    };
  }

  /** From here on the login counts, whether or not anybody waits for it any more. */
  async function keep(
    profile: string,
    settings: LoginSettings,
    store: SecretStoreName,
    { refreshToken }: TokenReply,
    accepted: Accepted,
    remembered: ProfileRow,
  ): Promise<Login> {
    const { secretStore: before, workload: _, ...row } = remembered;
    // No renewal of the login before may write over this one.
    const release = await options.lock(`login.${profile}`, AbortSignal.timeout(lockLimit));
    try {
      if (refreshToken !== undefined) {
        const { claimed, issuedAt } = accepted;
        if (claimed === undefined) throw new Error("a login without claims was accepted");
        const generation = newGeneration();
        await vault.write(
          { profile, store },
          { generation, settings, claimed, issuedAt, refreshToken },
        );
        await profiles.set(profile, { ...row, secretStore: store });
        if (before !== undefined && before !== store)
          await vault.remove({ profile, store: before });
        return adopt(profile, settings, accepted, { by: "refresh-token", store });
      }
      if (before !== undefined) await vault.remove({ profile, store: before });
      await profiles.set(profile, row);
      return adopt(profile, settings, accepted, { by: "nothing" });
    } finally {
      release();
    }
  }

  function adopt(
    profile: string,
    settings: LoginSettings,
    { claimed, tokens }: Accepted,
    upkeep: Upkeep,
  ): Login {
    if (claimed === undefined) throw new Error("a login without claims was accepted");
    const login = { profile, settings, claimed, tokens, upkeep };
    logins.adopt(login);
    return login;
  }
}

/** What a profile remembers of one provider means nothing at another. */
function rowFor(row: ProfileRow, given: SettingsLayer): ProfileRow {
  const other =
    given.issuer !== undefined && row.issuer !== undefined && given.issuer !== row.issuer;
  if (!other) return row;
  return row.secretStore === undefined ? {} : { secretStore: row.secretStore };
}

/** The layer below the profile's own row. */
function withoutRow(layer: SettingsLayer, { given }: SignInRequest): SettingsLayer {
  return given.issuer !== undefined && given.issuer !== layer.issuer ? {} : layer;
}

/** Only what is in files can be had again after a restart. */
function saved(proof: WorkloadProof): NonNullable<ProfileRow["workload"]> {
  if (proof.kind === "id-token-file" || proof.kind === "client-key") return proof;
  throw new LoginError(
    "bad_request",
    "a token that came from a variable is not written down",
    "leave --save out, or bring the token in a file with --id-token-file",
  );
}

function noIssuer(): LoginError {
  return new LoginError(
    "bad_request",
    "no identity provider is set",
    "hoopx login --issuer URL --client-id ID (once; or issuer and clientId in config.yaml)",
  );
}

function noClient(issuer: string): LoginError {
  return new LoginError(
    "bad_request",
    `no client id is set for ${issuer}`,
    "hoopx login --client-id ID, the id under which hoopx is registered there",
  );
}
