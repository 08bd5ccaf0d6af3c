/**
 * `hoopx connections add NAME`: names an upstream and hands its key to the
 * daemon's secret store.
 */
import type { AddConnection, SecretStoreChoice } from "../../../contract/routes.js";
import { usage } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { readSecret, type SecretInput } from "../../secret-input.js";
import { keyPlace } from "./describe.js";

const providers: readonly AddConnection["provider"][] = ["openai"];

export interface AddInput extends SecretInput {
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
  const secret = await readSecret(context, input, `Key for ${name}`);
  const store = secretStore ?? (await client.connect()).secretStore;
  if (store === "file") await client.unlockIfKnown();
  const connection = await client.call("connectionsAdd", {
    body: {
      name,
      provider,
      credential,
      secret,
      ...(baseUrl !== undefined && { baseUrl }),
      ...(secretStore !== undefined && { secretStore }),
      ...(allowPrivateNetwork === true && { allowPrivateNetwork }),
    },
  });
  if (context.json) printJson(context.stdout, connection);
  context.confirm(`added ${connection.name} · ${connection.baseUrl} · key ${keyPlace(connection)}`);
}
