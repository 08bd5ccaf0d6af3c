/**
 * Code safety and identity: tokens of scanners, code search, sign-in providers
 * and lookups of threats, from K to Z in the alphabet.
 */
import { ends, notBehind } from "../engine/edges.js";
import type { Rule } from "../engine/rule.js";
import { byBeginning, byName, joined, mixed } from "./by-shape.js";
import { uuid } from "./shapes.js";

export const codeSafetyRules: readonly Rule[] = [
  byName({ detector: "snyk-token", about: "Snyk token" }, ["snyk"], uuid),
  byBeginning(
    { detector: "snyk-token", about: "Snyk personal or service token" },
    ["snyk_uat.", "snyk_sat."],
    "[0-9a-f]{8}\\.[A-Za-z0-9_=-]{20,600}\\.[A-Za-z0-9_-]{20,128}",
  ),
  byBeginning(
    { detector: "sonar-token", about: "SonarQube or SonarCloud token" },
    ["sqp_", "squ_", "sqa_", "sqb_"],
    "[0-9a-f]{40}",
  ),
  byName(
    { detector: "sonar-token", about: "Sonar token of old", accept: mixed },
    ["sonar"],
    "(?:s[qa-z]{2}_)?[a-z0-9=_-]{40}",
  ),
  {
    detector: "sonar-token",
    about: "Sonar token beside the word login",
    keywords: ["sonar"],
    anyCase: true,
    pattern: `sonar[\\w.-]{0,16}login[\\w.=:,'" \\t-]{1,16}${notBehind("\\w-")}(?<secret>[0-9a-f]{40})${ends}`,
  },
  byBeginning(
    { detector: "sourcegraph-token", about: "Sourcegraph access token" },
    ["sgp_"],
    "(?:(?:[A-Fa-f0-9]{16}|local)_)?[A-Fa-f0-9]{40}",
  ),
  byBeginning(
    { detector: "sourcegraph-token", about: "Sourcegraph gateway or license key" },
    ["sgd_", "slk_", "sgs_"],
    "[A-Fa-f0-9]{64}",
  ),
  byName(
    { detector: "sourcegraph-token", about: "Sourcegraph access token of old" },
    ["sourcegraph", "src_access"],
    "[0-9a-f]{40}",
  ),
  byBeginning(
    { detector: "stackhawk-api-key", about: "StackHawk key" },
    ["hawk."],
    "(?<secret>[A-Za-z0-9_-]{20}\\.[A-Za-z0-9_-]{20})",
  ),
  byName({ detector: "semgrep-token", about: "Semgrep token" }, ["semgrep"], "[0-9a-f]{64}"),
  byBeginning(
    { detector: "socket-api-token", about: "Socket token" },
    ["sktsec_"],
    "[A-Za-z0-9_-]{40,64}",
  ),
  byName(
    { detector: "okta-api-token", about: "Okta token", accept: mixed },
    ["okta", "ssws"],
    "00[a-z0-9_-]{40}",
  ),
  {
    detector: "okta-api-token",
    about: "Okta token in its header",
    keywords: ["ssws "],
    anyCase: true,
    pattern: `SSWS (?<secret>00[A-Za-z0-9_-]{40})${ends}`,
  },
  byName(
    { detector: "okta-client-secret", about: "Okta client secret", accept: mixed },
    ["okta_client_secret", "oktaclientsecret", "okta_secret"],
    "[a-z0-9_-]{40}|[a-z0-9_-]{64}",
  ),
  byName(
    { detector: "onelogin-client-secret", about: "OneLogin client id or secret" },
    ["onelogin"],
    "[0-9a-f]{64}",
  ),
  byName(
    { detector: "workos-api-key", about: "WorkOS key", accept: mixed },
    ["workos"],
    "sk_(?:live_|test_)?[a-z0-9]{32,128}",
  ),
  byName(
    { detector: "stytch-secret", about: "Stytch secret", accept: mixed },
    ["stytch"],
    "(?:secret-(?:test|live)-)[a-z0-9_=-]{30,64}",
  ),
  byBeginning(
    { detector: "stytch-secret", about: "Stytch secret" },
    ["secret-test-", "secret-live-"],
    "(?<secret>[A-Za-z0-9_=-]{36,64})",
  ),
  byBeginning(
    { detector: "ory-token", about: "Ory token" },
    ["ory_pat_", "ory_apikey_", "ory_at_", "ory_rt_", "ory_st_", "ory_ac_"],
    "[A-Za-z0-9_.-]{32,128}",
  ),
  byName(
    { detector: "kinde-client-secret", about: "Kinde client secret", accept: mixed },
    ["kinde_client", "kinde."],
    "[a-z0-9]{48,64}",
  ),
  byName(
    { detector: "logto-secret", about: "Logto secret", accept: mixed },
    ["logto"],
    "[a-z0-9]{32}",
  ),
  byName(
    { detector: "keycloak-client-secret", about: "Keycloak client secret", accept: mixed },
    ["keycloak", "kc_client"],
    `(?:${uuid}|[a-z0-9]{32})`,
  ),
  byBeginning(
    { detector: "unkey-root-key", about: "Unkey root key" },
    ["unkey_"],
    "[A-Za-z0-9]{20,40}",
  ),
  byBeginning(
    { detector: "persona-api-key", about: "Persona key" },
    ["persona_"],
    `(?<secret>(?:sandbox|production)_${uuid})`,
  ),
  byName(
    { detector: "onfido-api-token", about: "Onfido token" },
    ["onfido"],
    "api_(?:live|sandbox)(?:_us|_ca|_eu)?\\.[a-z0-9_-]{11}\\.[a-z0-9_-]{32}",
  ),
  byName(
    { detector: "maxmind-license-key", about: "MaxMind licence key" },
    ["maxmind", "geoip", "geolite", "license_key", "licensekey"],
    "[a-z0-9]{6}_[a-z0-9]{29}_mmk",
  ),
  byName(
    { detector: "maxmind-license-key", about: "MaxMind licence key of old", accept: mixed },
    ["maxmind"],
    "[a-z0-9]{16}",
  ),
  byName(
    { detector: "shodan-api-key", about: "Shodan key", accept: mixed },
    ["shodan"],
    "[a-z0-9]{32}",
  ),
  byName(
    { detector: "virustotal-api-key", about: "VirusTotal key" },
    joined("virus", "total"),
    "[0-9a-f]{64}",
  ),
  byName({ detector: "urlscan-api-key", about: "urlscan.io key" }, ["urlscan"], uuid),
  byName(
    { detector: "securitytrails-api-key", about: "SecurityTrails key", accept: mixed },
    ["securitytrails"],
    "[a-z0-9_-]{32}",
  ),
  byName(
    { detector: "otx-api-key", about: "AlienVault OTX key" },
    ["alienvault", "otx_", "otxapi"],
    "[0-9a-f]{64}",
  ),
  byName(
    { detector: "tenable-key", about: "Tenable access or secret key" },
    ["tenable", "nessus"],
    "[0-9a-f]{64}",
  ),
  byName({ detector: "rapid7-api-key", about: "Rapid7 key" }, ["rapid7", "insightvm"], uuid),
  byName(
    { detector: "zoomeye-api-key", about: "ZoomEye key" },
    ["zoomeye"],
    "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{5}-[0-9a-f]{4}-[0-9a-f]{11}",
  ),
  byName(
    { detector: "recaptcha-secret", about: "reCAPTCHA secret" },
    ["recaptcha"],
    "6l[a-z0-9_-]{38}",
  ),
  byName(
    { detector: "turnstile-secret", about: "Turnstile secret" },
    ["turnstile"],
    "0x4[a-z0-9_-]{21,40}",
  ),
  byName(
    { detector: "vanta-token", about: "Vanta token or secret" },
    ["vanta"],
    "v(?:at|cs|ci)_[a-z0-9_]{20,80}",
  ),
];
