import { expect, test } from "vitest";
import {
  type CredentialConfig,
  storedSecretOf,
} from "../../../src/daemon/model/credential-config.js";

const place = { secretStore: "file", secretName: "llm-1" } as const;
const exchange = { kind: "token-exchange", tokenUrl: "https://sts.example/" } as const;

test.each<[CredentialConfig, object | undefined]>([
  [{ kind: "static-key", ...place }, place],
  [{ ...exchange, clientId: "c", ...place }, place],
  [exchange, undefined],
  [{ kind: "oidc" }, undefined],
])("the secret of %j", (config, stored) => {
  expect(storedSecretOf(config)).toEqual(stored);
});
