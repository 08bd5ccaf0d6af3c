/**
 * Kind settings: the options that a kind of credential takes, checked before
 * anything is asked or sent. A missing one and one that belongs to another
 * kind are told by their names, with what the kind takes.
 */
import {
  type CredentialKind,
  type CredentialKindRow,
  type CredentialSetting,
  type CredentialSettings,
  credentialKinds,
  credentialSettings,
} from "../../../contract/credential-kinds.js";
import { usage } from "../../cli-error.js";
import { flagOf } from "./describe.js";

/** The options of every kind, by the name of their setting. */
export type KindInput = CredentialSettings & {
  readonly secretStdin?: boolean;
  readonly secretEnv?: string;
  readonly secretCommand?: string;
  readonly secretStore?: string;
};

const secretWays = ["secretStdin", "secretEnv", "secretCommand"] as const;

/** The kind's settings, complete and none too many; throws a usage error that repeats no value. */
export function settingsFor(kind: CredentialKind, input: KindInput): CredentialSettings {
  const row: CredentialKindRow = credentialKinds[kind];
  const taken = [...row.required, ...row.optional];
  const given = (Object.keys(credentialSettings) as CredentialSetting[]).filter(
    (name) => input[name] !== undefined,
  );
  const stray = given.find((name) => !taken.includes(name));
  if (stray !== undefined) {
    throw usage(
      `${flagOf(stray)} is not for --credential ${kind}`,
      taken.length === 0
        ? `leave it out, or say which kind with --credential: ${kindsWith(stray).join(", ")}`
        : `${kind} takes ${taken.map(flagOf).join(", ")}`,
    );
  }
  const missing = row.required.filter((name) => input[name] === undefined);
  if (missing.length > 0) {
    throw usage(
      `--credential ${kind} needs ${missing.map(flagOf).join(" and ")}`,
      `add ${missing.map((name) => `${flagOf(name)} …`).join(" ")}; hoopx connections add --help tells more`,
    );
  }
  checkSecret(kind, row, input);
  return Object.fromEntries(given.map((name) => [name, input[name]]));
}

/** Is a secret to be read: for a kind that needs one, or one of the options says where it is? */
export function wantsSecret(kind: CredentialKind, input: KindInput): boolean {
  const { secret } = credentialKinds[kind];
  return secret === "required" || secretWays.some((way) => input[way] !== undefined);
}

function checkSecret(kind: CredentialKind, row: CredentialKindRow, input: KindInput): void {
  const ways = [...secretWays, "secretStore" as const];
  const way = ways.find((name) => input[name] !== undefined);
  if (way === undefined) return;
  if (row.secret === "none") {
    throw usage(`--credential ${kind} has no key`, `leave out ${flagOf(way)}`);
  }
  if (row.secret !== "optional") return;
  if (!wantsSecret(kind, input)) {
    throw usage("--secret-store without a secret", "say where it is: --secret-env NAME");
  }
  if (input.clientId === undefined) {
    throw usage("a client secret belongs to a client id", "add --client-id …");
  }
}

function kindsWith(setting: CredentialSetting): readonly string[] {
  return Object.entries(credentialKinds)
    .filter(([, { required, optional }]: [string, CredentialKindRow]) =>
      [...required, ...optional].includes(setting),
    )
    .map(([kind]) => kind);
}
