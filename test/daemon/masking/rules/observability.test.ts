/** Keys of errors, logs, metrics, analytics and feature flags are found. */
import { observabilityRules } from "../../../../src/daemon/masking/rules/observability.js";
import { invented } from "../../../support/invented.js";
import { testRules } from "../../../support/rule-cases.js";

const { hex, lower, mixed, upper, uuid } = invented;

testRules(observabilityRules, {
  found: [
    ["new-relic-key", `NRAK-${upper(27)}`, "newRelicKey: '§'"],
    ["new-relic-key", `NRII-${mixed(32)}`, "§"],
    ["new-relic-license-key", `${hex(36)}NRAL`, "license_key: §"],
    ["new-relic-license-key", hex(40), "NEW_RELIC_LICENSE_KEY=§"],
    ["new-relic-user-key", lower(64), "new-relicToken = '§'"],
    ["pixie-key", `px-api-${uuid()}`, "§"],
    ["sentry-token", hex(64), "SENTRY_AUTH_TOKEN=§"],
    ["sentry-token", `sntrys_eyJ${mixed(120)}_${mixed(43)}`, "§"],
    ["sentry-token", `sntryu_${hex(64)}`, "§"],
    ["sentry-dsn", hex(32), "https://§@o1.ingest.sentry.io/42"],
    ["sumologic-access-id", `su${mixed(12)}`, "sumo_id=§"],
    ["sumologic-access-key", mixed(64), "SUMO_ACCESS_KEY=§"],
    ["launchdarkly-key", mixed(40), "launchdarkly_token: §"],
    ["launchdarkly-key", uuid(), "LD_SDK_KEY=sdk-§"],
    ["posthog-api-key", `phx_${mixed(43)}`, "§"],
    ["pagerduty-api-key", `u+${mixed(18)}`, "PAGERDUTY_TOKEN=§"],
    ["rollbar-token", hex(32), "rollbar_access_token: '§'"],
    ["splunk-token", uuid(), "Authorization: Splunk §"],
  ],
  none: [
    "sumOfExposures = sumOfExposures;",
    "a sentry stands before the gate",
    "license_key: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "https://example.org/neutral",
  ],
});
