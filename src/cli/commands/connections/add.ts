/**
 * `hoopx connections add NAME`: names an upstream and says how its credential
 * is had; a key, where it has one, goes to the daemon's secret store.
 */

import type { SecretStoreChoice } from "../../../contract/credential-kinds.js";
import type { AddConnection } from "../../../contract/routes.js";
import { usage } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { readSecret, type SecretInput } from "../../secret-input.js";
import { keyPlace } from "./describe.js";
import { type KindInput, settingsFor, wantsSecret } from "./kind-settings.js";
import { noteShortKey } from "./short-key.js";

const providers: readonly AddConnection["provider"][] = ["openai"];

export interface AddInput extends SecretInput, Omit<KindInput, "secretStore"> {
  readonly name: string;
  readonly provider?: AddConnection["provider"];
  readonly baseUrl?: string;
  readonly credential: AddConnection["credential"];
  readonly secretStore?: SecretStoreChoice;
  readonly allowPrivateNetwork?: boolean;
}

export async function run(context: Context, input: AddInput): Promise<undefined> {
  const { client } = context;
  const { name, credential, baseUrl, secretStore, allowPrivateNetwork } = input;
  const provider = input.provider ?? providers.find((known) => known === name);
  if (provider === undefined) {
    throw usage(
      "--provider is missing, and the name is not that of a provider",
      `add --provider openai (providers: ${providers.join(", ")})`,
    );
  }
  const settings = settingsFor(credential, input);
  const given = {
    name,
    provider,
    credential,
    ...(Object.keys(settings).length > 0 && { settings }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(secretStore !== undefined && { secretStore }),
    ...(allowPrivateNetwork === true && { allowPrivateNetwork }),
  };
  const secret = wantsSecret(credential, input)
    ? await checkedSecret(context, input, given)
    : undefined;
  const connection = await client.call("connectionsAdd", {
    body: { ...given, ...(secret !== undefined && { secret }) },
  });
  noteShortKey(context, secret);
  if (context.json) printJson(context.stdout, connection);
  context.confirm(`added ${connection.name} · ${connection.baseUrl} · ${keyPlace(connection)}`);
}

/** The key, once the daemon said that it can be kept: none is asked for that has no place. */
async function checkedSecret(
  context: Context,
  input: AddInput,
  given: Omit<AddConnection, "secret">,
): Promise<string> {
  const { client } = context;
  const store = given.secretStore ?? (await client.connect()).secretStore;
  if (store === "file") await client.unlockIfKnown();
  await client.call("connectionsCheckNew", { body: given });
  return readSecret(context, input, `Key for ${given.name}`);
}
