/**
 * Logins: who is logged in under which profile, as the daemon has it in
 * memory, and the renewals under way. Renewals that are wanted at the same
 * time are one: a caller that comes while it runs, or was started before it began,
 * takes its result.
 */
import type { SecretStoreName } from "../model/credential-config.js";
import type { Tokens } from "./accepted-reply.js";
import type { ClaimedIdentity } from "./claimed-identity.js";
import type { Clock } from "./deadline.js";
import type { Issuer } from "./issuer.js";
import type { Fetch } from "./lenient-reply.js";
import { LoginError, loginCommand } from "./login-error.js";
import type { LoginVault } from "./login-vault.js";
import type { ProfileRow, Profiles } from "./profiles.js";
import type { Renew, RenewalRequest } from "./renewal.js";
import type { LoginSettings, SettingsLayer } from "./settings.js";
import { mergeLayers, settle } from "./settings.js";
import { logWorkloadIn, type WorkloadProof } from "./workload.js";

/** What keeps a login alive. */
export type Upkeep =
  | { readonly by: "refresh-token"; readonly store: SecretStoreName }
  | { readonly by: "proof"; readonly proof: WorkloadProof }
  /** Nothing: it ends with its access token. */
  | { readonly by: "nothing" };

export interface Login {
  readonly profile: string;
  readonly settings: LoginSettings;
  readonly claimed: ClaimedIdentity;
  readonly tokens: Tokens;
  readonly upkeep: Upkeep;
}

/** Which renewal that is under way, or was, will do. */
export interface Willing {
  /** One that began no earlier than this, on the monotonic clock. */
  readonly begunSince?: number;
  /** One that ended well so many milliseconds ago at most. */
  readonly endedWithin?: number;
}

export interface Logins {
  /** The login as it is, read from its store if need be, not renewed; undefined without a login. */
  current(profile: string, layer: SettingsLayer): Promise<Login | undefined>;
  /** A login that was just renewed, by one renewal for all who want one now; throws a LoginError. */
  renewed(login: Login, groupsClaim: string, willing: Willing): Promise<Login>;
  /** Tokens for an audience or scope of their own; the login's are renewed by the way. */
  tokensFor(login: Login, parameters: RenewalRequest["parameters"]): Promise<Tokens>;
  adopt(login: Login): void;
  forget(profile: string): void;
  all(): readonly Login[];
}

export interface LoginsOptions {
  readonly profiles: Profiles;
  readonly vault: LoginVault;
  readonly renew: Renew;
  readonly openIssuer: (settings: LoginSettings) => Promise<Issuer>;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

interface Run {
  readonly began: number;
  readonly result: Promise<Login>;
  ended: number | undefined;
  failed: boolean;
}

/** Creates the logins of one daemon. */
export function createLogins(options: LoginsOptions): Logins {
  const { profiles, vault, renew, openIssuer, fetch, clock } = options;
  const held = new Map<string, Login>();
  const runs = new Map<string, Run>();

  async function restored(profile: string, layer: SettingsLayer): Promise<Login | undefined> {
    const row = await profiles.get(profile);
    if (row?.workload !== undefined) return fromProof(profile, row, layer);
    if (row?.secretStore === undefined) return undefined;
    const store = row.secretStore;
    const stored = await vault.read({ profile, store });
    if (stored === undefined) return undefined;
    const { settings, claimed } = stored;
    const tokens = { access: null, id: null };
    return { profile, settings, claimed, tokens, upkeep: { by: "refresh-token", store } };
  }

  async function fromProof(
    profile: string,
    { workload: proof }: ProfileRow,
    layer: SettingsLayer,
  ): Promise<Login | undefined> {
    const settings = settle(mergeLayers(layer));
    if (settings === undefined || proof === undefined) return undefined;
    const upkeep: Upkeep = { by: "proof", proof };
    return proven({ profile, settings, upkeep }, proof);
  }

  async function proven(
    login: Pick<Login, "profile" | "settings" | "upkeep">,
    proof: WorkloadProof,
  ): Promise<Login> {
    const { profile, settings, upkeep } = login;
    const workload = { settings, profile, fetch, clock, openIssuer };
    const { claimed, tokens } = await logWorkloadIn(proof, workload);
    if (claimed === undefined) throw ended(profile);
    return { profile, settings, claimed, tokens, upkeep };
  }

  async function renewOne(
    login: Login,
    groupsClaim: string,
    parameters: RenewalRequest["parameters"],
  ): Promise<Login> {
    const { profile, upkeep } = login;
    const settings = { ...login.settings, groupsClaim };
    if (upkeep.by === "proof") return proven({ ...login, settings }, upkeep.proof);
    if (upkeep.by === "nothing") {
      if ((login.tokens.access?.deadline.left() ?? 0) > 0) return login;
      throw ended(profile);
    }
    const { store } = upkeep;
    const renewed = await renew({ profile, store, groupsClaim, parameters });
    return { profile, upkeep, ...renewed };
  }

  /** Keeps what came of a renewal, unless another login took its place meanwhile. */
  function keep(before: Login | undefined, login: Login): void {
    if (held.get(login.profile) === before) held.set(login.profile, withIdToken(login, before));
  }

  return {
    async current(profile, layer) {
      const known = held.get(profile);
      if (known !== undefined) return known;
      const login = await restored(profile, layer);
      if (login !== undefined && !held.has(profile)) held.set(profile, login);
      return held.get(profile);
    },

    renewed(login, groupsClaim, willing) {
      const { profile } = login;
      const last = runs.get(profile);
      if (last !== undefined && suits(last, willing, clock.monotonic())) return last.result;
      const before = held.get(profile);
      const run: Run = {
        began: clock.monotonic(),
        ended: undefined,
        failed: false,
        result: renewOne(login, groupsClaim, []).then(
          (renewed) => {
            run.ended = clock.monotonic();
            keep(before, renewed);
            return renewed;
          },
          (error) => {
            run.ended = clock.monotonic();
            run.failed = true;
            // Over is over: the next one reads the store, or says that there is no login.
            if (error instanceof LoginError && error.problem === "login_needed") keepOut(before);
            throw error;
          },
        ),
      };
      runs.set(profile, run);
      return run.result;
    },

    async tokensFor(login, parameters) {
      const before = held.get(login.profile);
      const renewed = await renewOne(login, login.settings.groupsClaim, parameters);
      // Its access token is for that audience alone; the login's own stays.
      const tokens = { ...renewed.tokens, access: before?.tokens.access ?? null };
      keep(before, { ...renewed, tokens });
      return renewed.tokens;
    },

    adopt(login) {
      held.set(login.profile, login);
      runs.delete(login.profile);
    },

    forget(profile) {
      held.delete(profile);
      runs.delete(profile);
    },

    all: () => [...held.values()],
  };

  function keepOut(before: Login | undefined): void {
    if (before !== undefined && held.get(before.profile) === before) held.delete(before.profile);
  }
}

function suits(run: Run, { begunSince, endedWithin }: Willing, now: number): boolean {
  if (run.ended === undefined) return true;
  if (begunSince !== undefined && run.began >= begunSince) return true;
  return endedWithin !== undefined && !run.failed && now - run.ended <= endedWithin;
}

/** A renewal's reply need not hold an ID token: then the one before is still the newest. */
function withIdToken(login: Login, before: Login | undefined): Login {
  const id = login.tokens.id ?? before?.tokens.id ?? null;
  return { ...login, tokens: { ...login.tokens, id } };
}

function ended(profile: string): LoginError {
  return new LoginError(
    "login_needed",
    `the login of profile ${profile} is over, and the identity provider gave no refresh token to renew it`,
    loginCommand(profile, true),
  );
}
