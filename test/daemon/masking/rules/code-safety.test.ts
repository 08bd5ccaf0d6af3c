/** Tokens of scanners, of code search and of sign-in providers are found. */
import { codeSafetyRules } from "../../../../src/daemon/masking/rules/code-safety.js";
import { invented } from "../../../support/invented.js";
import { testRules } from "../../../support/rule-cases.js";

const { hex, mixed, uuid } = invented;

testRules(codeSafetyRules, {
  found: [
    ["snyk-token", uuid(), "SNYK_TOKEN=§"],
    ["sonar-token", `squ_${hex(40)}`, "§"],
    ["sonar-token", hex(40), "-Dsonar.login=§"],
    ["sonar-token", hex(40), "sonar.login', '§'"],
    ["sourcegraph-token", `sgp_${hex(16)}_${hex(40)}`, "§"],
    ["stackhawk-api-key", `${mixed(20)}.${mixed(20)}`, "hawk.§"],
    ["okta-api-token", `00${mixed(40)}`, "Authorization: SSWS §"],
    ["okta-api-token", `00${mixed(40)}`, "okta_secret:  §"],
    ["maxmind-license-key", `${mixed(6)}_${mixed(29)}_mmk`, "license_key=§"],
    ["unkey-root-key", `unkey_${mixed(24)}`, "§"],
    ["virustotal-api-key", hex(64), "VIRUSTOTAL_API_KEY: §"],
    ["shodan-api-key", mixed(32), "shodan_key='§'"],
    ["onfido-api-token", `api_live.${mixed(11)}.${mixed(32)}`, "onfido_token: §"],
  ],
  none: [
    "a hawk. It flew.",
    "sonar finds the bottom of the sea",
    `sonarqube-scanner-2.5.0.tgz#${hex(40)}`,
    `okta_api_token: ${"0".repeat(42)}`,
  ],
});
