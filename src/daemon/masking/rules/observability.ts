/**
 * Observability: keys of errors, logs, metrics, alarms, analytics and feature
 * flags, from K to Z in the alphabet.
 */
import { begins, ends, notBehind } from "../engine/edges.js";
import type { Rule } from "../engine/rule.js";
import { byBeginning, byName, joined, mixed } from "./by-shape.js";
import { uuid } from "./shapes.js";

const relic = joined("new", "relic");

export const observabilityRules: readonly Rule[] = [
  {
    detector: "new-relic-key",
    about: "New Relic key that says its kind",
    keywords: ["nrak-", "nrii-", "nriq-", "nrjs-", "nrra-", "nraa-", "nrsp-", "nral-", "nrna-"],
    anyCase: true,
    pattern: `${begins}NR(?:AK|II|IQ|JS|RA|AA|SP|AL|NA)-[A-Za-z0-9_-]{18,48}`,
    accept: mixed,
  },
  byName(
    { detector: "new-relic-license-key", about: "New Relic licence key", accept: mixed },
    [...relic, "license_key", "licensekey", "license-key", "nr_license"],
    "[0-9a-z]{6}[0-9a-f]{34}",
  ),
  // Its mark is its end.
  {
    detector: "new-relic-license-key",
    about: "New Relic licence key",
    keywords: ["nral"],
    before: 36,
    pattern: `${notBehind("A-Za-z0-9_-")}[0-9a-z]{36}(?:NRAL|nral)${ends}`,
  },
  byName(
    { detector: "new-relic-user-key", about: "New Relic user or admin key", accept: mixed },
    relic,
    "[a-z0-9]{64}",
  ),
  byName(
    { detector: "new-relic-license-key", about: "New Relic licence key of old" },
    relic,
    "[0-9a-f]{40}",
  ),
  byBeginning({ detector: "pixie-key", about: "Pixie key" }, ["px-api-", "px-dep-"], uuid),
  byName({ detector: "sentry-token", about: "Sentry token of old" }, ["sentry"], "[0-9a-f]{64}"),
  byBeginning(
    { detector: "sentry-token", about: "Sentry organization token" },
    ["sntrys_"],
    "eyJ[A-Za-z0-9+/]{40,600}={0,2}_[A-Za-z0-9+/_-]{40,48}",
  ),
  byBeginning(
    { detector: "sentry-token", about: "Sentry user token" },
    ["sntryu_", "sntrya_", "sntryi_"],
    "[0-9a-f]{64}",
  ),
  {
    detector: "sentry-dsn",
    about: "Keys in a Sentry DSN",
    keywords: ["http://", "https://"],
    anyCase: true,
    pattern: "https?://(?<secret>[0-9a-f]{32}(?::[0-9a-f]{32})?)@[\\w.-]{1,80}/[0-9]{1,20}",
  },
  byName(
    { detector: "sumologic-access-id", about: "Sumo Logic access id", accept: mixed },
    ["sumo"],
    "su[a-z0-9]{12}",
  ),
  byName(
    { detector: "sumologic-access-key", about: "Sumo Logic access key", accept: mixed },
    ["sumo"],
    "[a-z0-9]{64}",
  ),
  byName(
    { detector: "launchdarkly-key", about: "LaunchDarkly token or key", accept: mixed },
    joined("launch", "darkly"),
    "[a-z0-9=_-]{40}",
  ),
  byBeginning(
    { detector: "launchdarkly-key", about: "LaunchDarkly SDK, mobile or API key" },
    ["sdk-", "mob-", "api-"],
    `(?<secret>${uuid})`,
  ),
  byName(
    { detector: "statsig-key", about: "Statsig key", accept: mixed },
    ["statsig"],
    "(?:secret|client|console)-[a-z0-9]{40,60}",
  ),
  byName(
    { detector: "split-api-key", about: "Split key", accept: mixed },
    ["split_", "splitio", "split.io"],
    "[a-z0-9]{50,64}",
  ),
  byName(
    { detector: "optimizely-token", about: "Optimizely token", accept: mixed },
    ["optimizely"],
    "(?:2:)?[a-z0-9_-]{40,60}",
  ),
  byBeginning(
    { detector: "posthog-api-key", about: "PostHog key" },
    ["phc_", "phx_", "phs_", "pha_", "phr_"],
    "[A-Za-z0-9_]{32,64}",
  ),
  byName(
    { detector: "mixpanel-secret", about: "Mixpanel token or secret" },
    ["mixpanel"],
    "[0-9a-f]{32}",
  ),
  byName(
    { detector: "pagerduty-api-key", about: "PagerDuty key", accept: mixed },
    ["pagerduty", "pager_duty", "pager-duty", "pd_api", "pdkey"],
    "(?:[uy]\\+[a-z0-9_+-]{18}|[a-z0-9_+-]{20}|[0-9a-f]{32}|R[a-z0-9]{31})",
  ),
  byName({ detector: "opsgenie-api-key", about: "Opsgenie key" }, joined("ops", "genie"), uuid),
  byName(
    { detector: "rollbar-token", about: "Rollbar token" },
    ["rollbar"],
    "[0-9a-f]{32}(?:[0-9a-f]{96})?",
  ),
  byName(
    { detector: "raygun-api-key", about: "Raygun key", accept: mixed },
    ["raygun"],
    "[a-z0-9+/]{22,24}={0,2}",
  ),
  byName(
    { detector: "splunk-token", about: "Splunk collector token", accept: mixed },
    ["splunk", "hec_token", "hec-token"],
    `(?:${uuid}|eyJ[a-z0-9_.-]{64,1024})`,
  ),
  {
    detector: "splunk-token",
    about: "Splunk collector token in its header",
    keywords: ["authorization"],
    anyCase: true,
    pattern: `Authorization["']?[ ]?[:=,][ ]?["']?Splunk (?<secret>${uuid}|[\\w^.-]{64,1024})`,
  },
  byName({ detector: "loggly-token", about: "Loggly token" }, ["loggly"], uuid),
  byName(
    { detector: "logz-io-token", about: "Logz.io token", accept: mixed },
    ["logz_", "logz.", "logzio"],
    `(?:${uuid}|[a-z]{32})`,
  ),
  byName(
    { detector: "logdna-key", about: "LogDNA or Mezmo key" },
    ["logdna", "mezmo"],
    "[0-9a-f]{32}",
  ),
  byName(
    { detector: "logtail-token", about: "Logtail or Better Stack token", accept: mixed },
    ["logtail", "betterstack", "better_stack", "betteruptime"],
    "[a-z0-9]{24}",
  ),
  byName(
    { detector: "papertrail-token", about: "Papertrail token", accept: mixed },
    ["papertrail"],
    "[a-z0-9]{20}",
  ),
  byName(
    { detector: "librato-token", about: "Librato or AppOptics token", accept: mixed },
    ["librato", "appoptics", "solarwinds"],
    "[a-z0-9_-]{64,72}",
  ),
  byName(
    { detector: "lightstep-token", about: "Lightstep token", accept: mixed },
    ["lightstep"],
    "[a-z0-9+/]{86,220}={0,2}",
  ),
  byName(
    { detector: "signalfx-token", about: "Splunk Observability token", accept: mixed },
    ["signalfx", "splunk_access", "sfx_token"],
    "[a-z0-9_-]{22}",
  ),
  byName(
    { detector: "pingdom-token", about: "Pingdom token", accept: mixed },
    ["pingdom"],
    "[a-z0-9_-]{86}",
  ),
  byName(
    { detector: "uptimerobot-api-key", about: "UptimeRobot key" },
    ["uptimerobot", "uptime_robot"],
    "[um][0-9]{6,10}-[0-9a-f]{24,32}",
  ),
  byName(
    { detector: "statuspage-token", about: "Statuspage token" },
    ["statuspage"],
    `(?:${uuid}|[0-9a-f]{64})`,
  ),
  byName({ detector: "wavefront-token", about: "Wavefront token" }, ["wavefront"], uuid),
  byName({ detector: "sysdig-token", about: "Sysdig token" }, ["sysdig"], uuid),
  byName(
    { detector: "victorops-key", about: "VictorOps key" },
    ["victorops", "victor_ops"],
    `(?:${uuid}|[0-9a-f]{32})`,
  ),
  byName(
    { detector: "scout-apm-key", about: "Scout key", accept: mixed },
    ["scout_key", "scoutapm", "scout_apm"],
    "[a-z0-9]{20}",
  ),
  byName(
    { detector: "skylight-token", about: "Skylight token", accept: mixed },
    ["skylight_auth", "skylight.auth"],
    "[a-z0-9_-]{40,48}",
  ),
  byName(
    { detector: "uptrace-dsn", about: "Uptrace token", accept: mixed },
    ["uptrace"],
    "[a-z0-9_-]{20,24}",
  ),
  byName(
    { detector: "thousandeyes-token", about: "ThousandEyes token", accept: mixed },
    ["thousandeyes"],
    `(?:${uuid}|[a-z0-9]{32})`,
  ),
];
