/** Keys of applications are found by their beginnings or beside their names. */
import { expect, test } from "vitest";
import { applicationRulesA } from "../../../../src/daemon/masking/rules/applications-a.js";
import { invented } from "../../../support/invented.js";
import { matchesOf } from "../../../support/rule-matches.js";

const { digits, hex, lower, mixed, upper, uuid } = invented;

test.each([
  ["adafruit-key", `ai${"o_"}${mixed(28)}`, `ai${"o_"}${mixed(28)}`],
  ["adafruit-key", `adafruit_key=${hex(32)}`, hex(32)],
  ["adobe-client-id", `adobeClientId: "${hex(32)}"`, hex(32)],
  ["adobe-client-secret", `p8${"e-"}${mixed(32)}`, `p8${"e-"}${mixed(32)}`],
  ["airtable-key", `AIRTABLE_API_KEY=key${mixed(14)}`, `key${mixed(14)}`],
  ["airtable-token", `patK${mixed(13)}.${hex(64)}`, `patK${mixed(13)}.${hex(64)}`],
  ["airtable-token", `airtable_pat: patz${mixed(13)}.${hex(64)}`, `patz${mixed(13)}.${hex(64)}`],
  ["algolia-key", `algolia_key: ${hex(32)}`, hex(32)],
  ["asana-client-id", `asana_client_id=${digits(16)}`, digits(16)],
  ["asana-client-secret", `asana_secret=${hex(32)}`, hex(32)],
  ["asana-token", `ASANA_TOKEN=1/${digits(16)}:${hex(32)}`, `1/${digits(16)}:${hex(32)}`],
  ["atlassian-token", `ATA${"TT3"}xFfGF0${mixed(180)}=`, `ATA${"TT3"}xFfGF0${mixed(180)}=`],
  ["atlassian-token", `jira_token: ${mixed(24)}`, mixed(24)],
  ["calcom-key", `cal${"_live_"}${hex(32)}`, `cal${"_live_"}${hex(32)}`],
  ["clickup-token", `pk_${digits(8)}_${upper(32)}`, `pk_${digits(8)}_${upper(32)}`],
  ["contentful-token", `CF${"PAT-"}${mixed(43)}`, `CF${"PAT-"}${mixed(43)}`],
  ["contentful-token", `contentful_token=${mixed(43)}`, mixed(43)],
  ["dropbox-token", `Bearer s${"l."}${mixed(140)}`, `s${"l."}${mixed(140)}`],
  [
    "dropbox-token",
    `dropbox_token=${mixed(11)}${"A".repeat(10)}${mixed(43)}`,
    `${mixed(11)}${"A".repeat(10)}${mixed(43)}`,
  ],
  ["dropbox-secret", `dropbox_key="${lower(15)}"`, lower(15)],
  ["hubspot-key", `?hapikey=${uuid()}`, uuid()],
  ["hubspot-token", `pat-${"na1-"}${uuid()}`, `pat-${"na1-"}${uuid()}`],
  ["intra42-client-secret", `s-s4${"t2ud-"}${hex(64)}`, `s-s4${"t2ud-"}${hex(64)}`],
  ["jotform-key", `JOTFORM_API_KEY=${hex(32)}`, hex(32)],
])("%s: %s", (detector, text, secret) => {
  const found = matchesOf(applicationRulesA, text);

  expect(found.map((finding) => finding.detector)).toContain(detector);
  expect(found.map(({ start, end }) => text.slice(start, end))).toContain(secret);
});

test.each([
  "jira: see the ticket of last week",
  "asana: 0000000000000000",
  "dropbox: https://www.dropbox.com/s/abc",
  "p8e-short",
  "a path and a patch and a pat on the back",
])("is none: %s", (text) => {
  expect(matchesOf(applicationRulesA, text)).toEqual([]);
});
