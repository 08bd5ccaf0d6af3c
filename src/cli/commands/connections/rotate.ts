/**
 * `hoopx connections rotate NAME`: a new key in the place of the old one, from
 * the next request on.
 */
import { usage } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { readSecret, type SecretInput } from "../../secret-input.js";
import { keyPlace } from "./describe.js";
import { noteShortKey } from "./short-key.js";

export async function run(
  context: Context,
  input: SecretInput & { readonly name: string },
): Promise<undefined> {
  const { client } = context;
  const path = { name: input.name };
  // Before the question: no key should be typed for a connection, or into a store, that is not there.
  const { credential } = await client.call("connectionsShow", { path });
  if (credential.secretStore === null) {
    throw usage(
      `${input.name} has no key to rotate: its credential is ${credential.kind}, ${credential.lifetime}`,
      `hoopx connections test ${input.name} shows what it obtains`,
    );
  }
  await client.call("connectionsCheckKey", { path });
  const secret = await readSecret(context, input, `New key for ${input.name}`);
  const connection = await client.call("connectionsRotate", { path, body: { secret } });
  noteShortKey(context, secret);
  if (context.json) printJson(context.stdout, connection);
  context.confirm(
    `rotated ${connection.name} · ${keyPlace(connection)} · used from the next request on`,
  );
}
