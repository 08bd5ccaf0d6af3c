/** Google's keys and tokens are found by their beginnings, a service account's file as a whole. */
import { expect, test } from "vitest";
import { googleRules } from "../../../../src/daemon/masking/rules/cloud-google.js";
import { invented } from "../../../support/invented.js";
import { matchesOf } from "../../../support/rule-matches.js";

const { digits, hex, lower, mixed, upper } = invented;

test.each([
  ["google-api-key", `key=AI${"za"}${mixed(35)}`, `AI${"za"}${mixed(35)}`],
  ["google-client-secret", `GOC${"SPX-"}${mixed(28)}`, `GOC${"SPX-"}${mixed(28)}`],
  ["google-client-secret", `"client_secret":"${mixed(24)}"`, mixed(24)],
  [
    "google-client-id",
    `client_id: "${digits(12)}-${lower(32)}.apps.googleusercontent.com"`,
    `${digits(12)}-${lower(32)}.apps.googleusercontent.com`,
  ],
  ["google-access-token", `Bearer ya${"29."}${mixed(120)}`, `ya${"29."}${mixed(120)}`],
  ["google-refresh-token", `"1//${"0g"}${mixed(60)}"`, `1//${"0g"}${mixed(60)}`],
  ["google-service-account", `"private_key_id": "${hex(40)}",`, hex(40)],
  [
    "google-service-account",
    `x = {"type": "service_account", "project_id": "acme", "private_key": "${mixed(900)}"};`,
    `{"type": "service_account", "project_id": "acme", "private_key": "${mixed(900)}"}`,
  ],
  ["google-storage-key", `GOO${"G1"}${upper(57)}`, `GOO${"G1"}${upper(57)}`],
  [
    "firebase-server-key",
    `AAA${"A"}${mixed(7)}:APA${"91b"}${mixed(134)}`,
    `AAA${"A"}${mixed(7)}:APA${"91b"}${mixed(134)}`,
  ],
  ["google-recaptcha-secret", `RECAPTCHA_SECRET_KEY=6L${mixed(38)}`, `6L${mixed(38)}`],
])("%s: %s", (detector, text, secret) => {
  const found = matchesOf(googleRules, text);

  expect(found.map((finding) => finding.detector)).toContain(detector);
  expect(found.map(({ start, end }) => text.slice(start, end))).toContain(secret);
});

test.each([
  "AIzaShort",
  "AIZASYCO2CXRMC9ELSKLHLHRMBSWDEVEDZTLO2O",
  "your-id.apps.googleusercontent.com",
  "the field type says service_account",
  "https://example.org/1//0",
  `"client_secret": "your-client-secret-here"`,
])("is none: %s", (text) => {
  expect(matchesOf(googleRules, text)).toEqual([]);
});
