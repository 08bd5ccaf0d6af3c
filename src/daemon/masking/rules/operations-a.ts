/**
 * Operations, Airbrake to Infracost: what watches, measures, delivers and
 * streams.
 */
import { begins, ends, notBefore, notBehind } from "../engine/edges.js";
import { isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { anywhere } from "./anywhere.js";
import { byBeginning, byName, mixed } from "./by-shape.js";

const real = (secret: string) => !isPlaceholder(secret);
const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

export const operationsRulesA: readonly Rule[] = [
  byBeginning(
    { detector: "axiom-token", about: "Axiom API or personal token" },
    ["xaat-", "xapt-"],
    uuid,
  ),
  byName(
    { detector: "bugsnag-key", about: "Bugsnag API key", accept: real },
    ["bugsnag"],
    "[0-9a-f]{32}",
  ),
  byName(
    { detector: "airbrake-key", about: "Airbrake project key", accept: real },
    ["airbrake"],
    "[0-9a-f]{32}",
  ),
  byBeginning({ detector: "checkly-key", about: "Checkly API key" }, ["cu_"], "[0-9a-f]{32}"),
  byName(
    {
      detector: "confluent-key",
      about: "Confluent API key",
      accept: (key) => real(key) && mixed(key),
    },
    ["confluent"],
    "[A-Z0-9]{16}",
  ),
  byName(
    { detector: "confluent-secret", about: "Confluent API secret", accept: real },
    ["confluent"],
    "[A-Za-z0-9+/]{60,64}",
  ),
  byName(
    { detector: "datadog-key", about: "Datadog API or application key", accept: real },
    ["datadog", "dd_api", "dd_app", "dd-api", "dd-application"],
    "(?:[a-z0-9]{40}|[0-9a-f]{32})",
  ),
  {
    detector: "dynatrace-token",
    about: "Dynatrace API token",
    keywords: ["dt0"],
    anyCase: true,
    pattern: `${begins}dt0[a-z][0-9]{2}\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}${ends}`,
  },
  {
    detector: "grafana-token",
    about: "Grafana API key",
    keywords: ["eyJrIjoi"],
    exact: true,
    pattern: `${begins}eyJrIjoi[A-Za-z0-9+/]{60,400}={0,3}${notBefore("A-Za-z0-9+/=_.")}`,
  },
  {
    detector: "grafana-token",
    about: "Grafana Cloud access policy token",
    keywords: ["glc_"],
    exact: true,
    pattern: `${begins}glc_[A-Za-z0-9+/]{32,400}={0,3}`,
    accept: (token) => !/1{12}|x{12}/i.test(token) && mixed(token.slice(4)),
  },
  byBeginning(
    { detector: "grafana-token", about: "Grafana service account token" },
    ["glsa_"],
    "[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}",
  ),
  byBeginning(
    { detector: "harness-token", about: "Harness personal or service account token" },
    ["pat.", "sat."],
    "[A-Za-z0-9_-]{22}\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{20}",
  ),
  byBeginning(
    { detector: "honeycomb-key", about: "Honeycomb ingest or management key" },
    ["hcaik_", "hcbik_", "hcxik_", "hcamk_", "hcalk_", "hcxlk_"],
    "[A-Za-z0-9_]{26,64}",
  ),
  byName(
    { detector: "honeycomb-key", about: "Honeycomb API key", accept: real },
    ["honeycomb", "x-honeycomb-team"],
    "(?:[0-9a-f]{32}|[A-Za-z0-9]{22})",
  ),
  {
    detector: "infracost-key",
    about: "Infracost API key",
    keywords: ["ico-"],
    exact: true,
    // Not an icon's file with a hash in its name.
    pattern: `${notBehind("A-Za-z0-9_./-")}ico-[A-Za-z0-9]{32}${ends}`,
  },
  {
    detector: "inngest-key",
    about: "Inngest signing key, after its first word",
    keywords: ["signkey-"],
    exact: true,
    pattern: `signkey-(?<secret>(?:prod|test|branch|staging)-[0-9a-f]{32,64})${ends}`,
  },
  anywhere(
    { detector: "devcycle-key", about: "DevCycle SDK key" },
    ["dvc_server_", "dvc_client_", "dvc_mobile_"],
    "[A-Za-z0-9_]{24,80}",
  ),
  byName(
    { detector: "growthbook-key", about: "GrowthBook secret key" },
    ["growthbook", "gb_"],
    "secret_(?:admin|readonly|user)_[A-Za-z0-9_-]{24,64}",
  ),
  byName(
    {
      detector: "blynk-token",
      about: "Blynk device token",
      accept: (token) => real(token) && mixed(token),
    },
    ["blynk"],
    "[A-Za-z0-9_-]{32}",
  ),
  {
    detector: "blynk-token",
    about: "Blynk token in an address",
    keywords: ["blynk.cloud/"],
    pattern:
      "blynk\\.cloud/[^\\s\"'?]{1,80}\\?(?:[^\\s\"']{0,40}&)?token=(?<secret>[A-Za-z0-9_-]{32})",
  },
  {
    detector: "blynk-token",
    about: "Blynk token in a header beside its address",
    keywords: ["blynk.cloud/"],
    anyCase: true,
    pattern:
      "blynk\\.cloud/[^\\n]{1,120}(?:\\\\?\\n[^\\n]{0,80})?bearer[ \\t]{1,4}(?<secret>[A-Za-z0-9_-]{40})",
  },
  {
    detector: "blynk-token",
    about: "Blynk OAuth client and its secret",
    keywords: ["oa2-client-id_"],
    pattern: "oa2-client-id_[A-Za-z0-9_-]{32}(?:(?::|&client_secret=)[A-Za-z0-9_-]{32,48})?",
  },
];
