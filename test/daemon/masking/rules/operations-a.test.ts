/** What watches and delivers is found by its beginnings or beside its names. */
import { expect, test } from "vitest";
import { operationsRulesA } from "../../../../src/daemon/masking/rules/operations-a.js";
import { invented } from "../../../support/invented.js";
import { matchesOf } from "../../../support/rule-matches.js";

const { hex, mixed, upper, uuid } = invented;

test.each([
  ["axiom-token", `xa${"at-"}${uuid()}`, `xa${"at-"}${uuid()}`],
  ["bugsnag-key", `BUGSNAG_API_KEY=${hex(32)}`, hex(32)],
  ["checkly-key", `c${"u_"}${hex(32)}`, `c${"u_"}${hex(32)}`],
  ["confluent-key", `CONFLUENT_KEY=${upper(16)}`, upper(16)],
  ["confluent-secret", `confluent_secret = "${mixed(64)}"`, mixed(64)],
  ["datadog-key", `DD_API_KEY=${hex(32)}`, hex(32)],
  ["datadog-key", `datadog_app_key: ${hex(40)}`, hex(40)],
  [
    "dynatrace-token",
    `dt0${"c01."}${upper(24)}.${upper(64)}`,
    `dt0${"c01."}${upper(24)}.${upper(64)}`,
  ],
  ["grafana-token", `gl${"sa_"}${mixed(32)}_${hex(8)}`, `gl${"sa_"}${mixed(32)}_${hex(8)}`],
  ["grafana-token", `gl${"c_"}${mixed(90)}`, `gl${"c_"}${mixed(90)}`],
  ["grafana-token", `eyJ${"rIjoi"}${mixed(70)}=`, `eyJ${"rIjoi"}${mixed(70)}=`],
  [
    "harness-token",
    `pat.${mixed(22)}.${hex(24)}.${mixed(20)}`,
    `pat.${mixed(22)}.${hex(24)}.${mixed(20)}`,
  ],
  ["honeycomb-key", `X-Honeycomb-Team: ${hex(32)}`, hex(32)],
  ["infracost-key", `ic${"o-"}${mixed(32)}`, `ic${"o-"}${mixed(32)}`],
  ["inngest-key", `sign${"key-"}prod-${hex(64)}`, `prod-${hex(64)}`],
  ["blynk-token", `https://blynk.cloud/external/api/get?token=${mixed(32)}&V1`, mixed(32)],
  [
    "blynk-token",
    `-u oa2-client-id_${mixed(32)}:${mixed(40)}`,
    `oa2-client-id_${mixed(32)}:${mixed(40)}`,
  ],
])("%s: %s", (detector, text, secret) => {
  const found = matchesOf(operationsRulesA, text);

  expect(found.map((finding) => finding.detector)).toContain(detector);
  expect(found.map(({ start, end }) => text.slice(start, end))).toContain(secret);
});

test.each([
  `http://example.org/video_box.ico-${hex(32)}.png`,
  `glc_${"1".repeat(42)}=`,
  "void GLC_CreateLightmapTextureArray(void);",
  "He sat. Then pat. went on.",
  "datadog: what watches over us",
])("is none: %s", (text) => {
  expect(matchesOf(operationsRulesA, text)).toEqual([]);
});
