/**
 * `hoopx login`: a person by device code or browser, or a workload by what
 * proves it. The daemon does it and keeps what comes of it; here it is drawn.
 */
import { resolve } from "node:path";
import type { SecretStoreChoice } from "../../contract/credential-kinds.js";
import type { LoginWay } from "../../contract/identity-requests.js";
import { usage } from "../cli-error.js";
import type { Context } from "../context.js";
import { followLogin } from "../login/follow-login.js";
import { givenSettings, type IdentityFlags, profileChoice } from "../login/identity-settings.js";
import { personName } from "../output/person.js";

export interface LoginInput extends IdentityFlags {
  readonly profile?: string;
  readonly browser?: boolean;
  /** False after `--no-open`. */
  readonly open: boolean;
  readonly idTokenFile?: string;
  readonly idTokenEnv?: string;
  readonly githubActions?: boolean;
  readonly clientKey?: string;
  readonly secretStore?: SecretStoreChoice;
  readonly save?: boolean;
}

export async function run(context: Context, input: LoginInput): Promise<undefined> {
  const way = wayOf(context, input);
  const workload = way.kind !== "device" && way.kind !== "browser";
  if (input.save && !workload) {
    throw usage(
      "--save is for workloads: a person's login is remembered anyway",
      "leave --save out",
    );
  }
  const { secretStore } = input;
  const { identity, kept } = await followLogin(context, {
    open: input.open,
    body: {
      ...profileChoice(context.environment, input.profile),
      given: givenSettings(input),
      way,
      ...(secretStore !== undefined && { secretStore }),
      ...(input.save === true && { save: true }),
    },
  });
  const who = personName(identity);
  context.confirm(`logged in as ${who} · ${identity.issuer}${keptWords[kept]}`);
  if (kept === "memory" && !workload) {
    context.note(
      "the identity provider gave no refresh token: this login ends with its access token or the daemon",
    );
  }
}

const keptWords = {
  keychain: " · in the OS keychain",
  file: " · in the sealed file",
  memory: "",
};

/** The one way that was chosen. */
function wayOf({ environment }: Context, input: LoginInput): LoginWay {
  const { idTokenFile, idTokenEnv, clientKey } = input;
  const ways: readonly ((() => LoginWay) | undefined | false)[] = [
    input.browser && (() => ({ kind: "browser" })),
    idTokenFile === undefined
      ? undefined
      : () => ({ kind: "id-token-file", file: resolve(idTokenFile) }),
    idTokenEnv === undefined ? undefined : () => fromVariable(environment, idTokenEnv),
    input.githubActions && (() => fromGitHub(environment)),
    clientKey === undefined
      ? undefined
      : () => ({ kind: "client-key", keyFile: resolve(clientKey) }),
  ];
  const [chosen, another] = ways.filter((way) => typeof way === "function");
  if (chosen === undefined) return { kind: "device" };
  if (another === undefined) return chosen();
  throw usage(
    "only one way to log in can be given",
    "use one of --browser, --id-token-file, --id-token-env, --github-actions and --client-key",
  );
}

function fromVariable(environment: Context["environment"], name: string): LoginWay {
  // A token that is given here by mistake must not be repeated.
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) {
    throw usage("--id-token-env takes the name of a variable", "--id-token-env CI_ID_TOKEN");
  }
  if (/^HOOPX_/i.test(name)) {
    throw usage(
      "hoopx hands variables that begin with HOOPX_ to its daemon, so a token may not be in one",
      "use a variable of another name",
    );
  }
  const token = environment[name]?.trim() ?? "";
  if (token !== "") return { kind: "id-token", token };
  throw usage(
    "the variable of --id-token-env is not set",
    "export it first, or use --id-token-file",
  );
}

function fromGitHub(environment: Context["environment"]): LoginWay {
  const requestUrl = environment.ACTIONS_ID_TOKEN_REQUEST_URL ?? "";
  const requestToken = environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? "";
  if (requestUrl !== "" && requestToken !== "") {
    return { kind: "github-actions", requestUrl, requestToken };
  }
  throw usage(
    "this is not a job of GitHub Actions that may request an ID token",
    "give the job permissions: id-token: write",
  );
}
