/** Azure's keys are found by the mark of their service or by their name. */
import { expect, test } from "vitest";
import { microsoftRules } from "../../../../src/daemon/masking/rules/cloud-microsoft.js";
import { invented } from "../../../support/invented.js";
import { matchesOf } from "../../../support/rule-matches.js";

const { hex, lower, mixed, uuid } = invented;

test.each([
  [
    "azure-client-secret",
    `secret: ${mixed(3)}8${"Q~"}${mixed(34)}`,
    `${mixed(3)}8${"Q~"}${mixed(34)}`,
  ],
  ["azure-client-secret", `AZURE_CLIENT_SECRET="${mixed(40)}"`, mixed(40)],
  ["azure-client-id", `AZURE_TENANT_ID=${uuid()}`, uuid()],
  ["azure-client-id", `ad_client_id: "${uuid()}"`, uuid()],
  [
    "azure-storage-key",
    `AccountName=acme12;AccountKey=${mixed(86)}==;EndpointSuffix=x`,
    `${mixed(86)}==`,
  ],
  ["azure-storage-account", `AccountName=acme12;AccountKey=${mixed(86)}==`, "acme12"],
  [
    "azure-shared-access-key",
    `SharedAccessKeyName=Root;SharedAccessKey=${mixed(43)}=`,
    `${mixed(43)}=`,
  ],
  [
    "azure-app-configuration",
    `"Endpoint=https://acme.azconfig.io;Id=abCd-l9-s0:x1;Secret=${mixed(43)}="`,
    `https://acme.azconfig.io;Id=abCd-l9-s0:x1;Secret=${mixed(43)}=`,
  ],
  ["azure-sas-signature", `?sv=2022-11-02&sig=${mixed(43)}%3D`, `${mixed(43)}%3D`],
  [
    "azure-marked-key",
    `primaryKey: "${mixed(76)}+${"ASt"}${mixed(5)}A=="`,
    `${mixed(76)}+${"ASt"}${mixed(5)}A==`,
  ],
  [
    "azure-marked-key",
    `code=${mixed(44)}${"AzFu"}${mixed(5)}Q==`,
    `${mixed(44)}${"AzFu"}${mixed(5)}Q==`,
  ],
  [
    "azure-ai-key",
    `api-key: ${mixed(52)}JQQ${"J99"}${mixed(26)}`,
    `${mixed(52)}JQQ${"J99"}${mixed(26)}`,
  ],
  ["azure-subscription-key", `Ocp-Apim-Subscription-Key: ${hex(32)}`, hex(32)],
  [
    "azure-devops-token",
    `pat=${mixed(76)}AZ${"DO"}${mixed(4)}`,
    `${mixed(76)}AZ${"DO"}${mixed(4)}`,
  ],
  ["azure-devops-token", `personalAccessToken = "${lower(52)}"`, lower(52)],
])("%s: %s", (detector, text, secret) => {
  const found = matchesOf(microsoftRules, text);

  expect(found.map((finding) => finding.detector)).toContain(detector);
  expect(found.map(({ start, end }) => text.slice(start, end))).toContain(secret);
});

test.each([
  "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~",
  "Endpoint=https://acme.azconfig.io;Id=xxx;Secret=xxx",
  "InstrumentationKey=00000000-0000-0000-0000-000000000000",
  `${mixed(78)}AZ${"DO"}${mixed(5)}`,
  "AZURE_CLIENT_SECRET=<your-client-secret-of-the-application>",
  "azure_tenant_id = var.azure_tenant_id",
  "const sig = sign(data);",
])("is none: %s", (text) => {
  expect(matchesOf(microsoftRules, text)).toEqual([]);
});
