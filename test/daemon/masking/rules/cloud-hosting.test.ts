/** Hosts' keys are found by their beginnings, others beside their hosts' names. */
import { expect, test } from "vitest";
import { hostingRules } from "../../../../src/daemon/masking/rules/cloud-hosting.js";
import { invented } from "../../../support/invented.js";
import { matchesOf } from "../../../support/rule-matches.js";

const { hex, letters, lower, mixed, uuid } = invented;

test.each([
  ["alibaba-access-key", `LT${"AI"}${mixed(20)}`, `LT${"AI"}${mixed(20)}`],
  ["alibaba-secret-key", `ALIYUN_SECRET="${lower(30)}"`, lower(30)],
  ["aiven-password", `AVN${"S_"}${mixed(19)}`, `AVN${"S_"}${mixed(19)}`],
  ["cisco-meraki-key", `meraki_key: ${hex(40)}`, hex(40)],
  ["clickhouse-key", `4b${"1d"}${mixed(38)}`, `4b${"1d"}${mixed(38)}`],
  ["cloudflare-token", `CLOUDFLARE_API_TOKEN=${mixed(40)}`, mixed(40)],
  ["cloudflare-token", `cf${"ut_"}${mixed(48)}`, `cf${"ut_"}${mixed(48)}`],
  ["cloudflare-global-key", `X-Auth-Key: ${hex(37)}`, hex(37)],
  ["cloudflare-origin-key", `v1.0-${hex(24)}-${hex(146)}`, `v1.0-${hex(24)}-${hex(146)}`],
  ["databricks-token", `da${"pi"}${hex(32)}-3`, `da${"pi"}${hex(32)}-3`],
  [
    "datastax-token",
    `Astra${"CS:"}${letters(24)}:${hex(64)}`,
    `Astra${"CS:"}${letters(24)}:${hex(64)}`,
  ],
  [
    "defined-networking-token",
    `dnkey-${lower(26)}-${lower(52)}`,
    `dnkey-${lower(26)}-${lower(52)}`,
  ],
  ["digitalocean-token", `do${"p_v1_"}${hex(64)}`, `do${"p_v1_"}${hex(64)}`],
  ["fastly-token", `fastly_key = "${mixed(32)}"`, mixed(32)],
  ["fly-token", `fo${"1_"}${mixed(43)}`, `fo${"1_"}${mixed(43)}`],
  [
    "fly-token",
    `FlyV1 fm${"2_"}${mixed(200)},fm2_${mixed(100)}`,
    `fm${"2_"}${mixed(200)},fm2_${mixed(100)}`,
  ],
  ["heroku-key", `HEROKU_API_KEY=${uuid()}`, uuid()],
  ["heroku-key", `HRK${"U-AA"}${mixed(58)}`, `HRK${"U-AA"}${mixed(58)}`],
  ["ibm-cloud-key", `ibm_cloud_api_key: ${mixed(44)}`, mixed(44)],
  ["ibm-storage-key", `"secret_access_key": "${hex(48)}"`, hex(48)],
  ["ibm-softlayer-key", `softlayer_api_key = ${hex(64)}`, hex(64)],
  ["ibm-cloudant-password", `cloudant_pw = "${hex(64)}"`, hex(64)],
  [
    "terraform-token",
    `${mixed(14)}.atlas${"v1."}${mixed(64)}`,
    `${mixed(14)}.atlas${"v1."}${mixed(64)}`,
  ],
  ["terraform-password", `administrator_login_password = "rOot9passw0rt"`, "rOot9passw0rt"],
  ["vault-token", `hv${"s."}${mixed(90)}`, `hv${"s."}${mixed(90)}`],
  ["vault-token", `VAULT_TOKEN=s.${mixed(24)}`, `s.${mixed(24)}`],
  ["vault-unseal-key", `Unseal Key 2: ${mixed(44)}`, mixed(44)],
])("%s: %s", (detector, text, secret) => {
  const found = matchesOf(hostingRules, text);

  expect(found.map((finding) => finding.detector)).toContain(detector);
  expect(found.map(({ start, end }) => text.slice(start, end))).toContain(secret);
});

test.each([
  "s.addComponentsFromTheRegistryNow()",
  "cloud: the sky has many of them, and none is a key",
  "heroku-app: my-app",
  `4b${"1d"}${"X".repeat(38)}`,
  "dapi123",
  `admin_password = "\${var.admin_password}"`,
])("is none: %s", (text) => {
  expect(matchesOf(hostingRules, text)).toEqual([]);
});
