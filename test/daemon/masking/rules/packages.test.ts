/** Tokens of registries and of services that build are found. */
import { packageRules } from "../../../../src/daemon/masking/rules/packages.js";
import { invented } from "../../../support/invented.js";
import { testRules } from "../../../support/rule-cases.js";

const { hex, lower, mixed, upper, uuid } = invented;

testRules(packageRules, {
  found: [
    ["npm-token", mixed(36), "npm_§"],
    [
      "npm-token",
      `${hex(8)}-${hex(4)}-4${hex(3)}-${hex(4)}-${hex(12)}`,
      "//registry.npmjs.org/:_authToken=§",
    ],
    ["pypi-token", `pypi-${"AgE"}IcHlwaS5vcmc${mixed(140)}`, "password = §"],
    ["rubygems-api-key", `rubygems_${hex(48)}`, "§"],
    ["nuget-api-key", `oy2${lower(43)}`, "--api-key § -s x"],
    ["nuget-config-password", "Tr0ubadour&3", '<add key="ClearTextPassword" value="§" />'],
    ["octopus-api-key", upper(26), 'apikey="API-§"'],
    ["readme-api-key", `rdme_${lower(70)}`, "§"],
    ["postman-api-key", `PMAK-${hex(24)}-${hex(34)}`, "§"],
    ["travis-token", mixed(22), "TRAVIS_TOKEN=§"],
    ["sauce-access-key", uuid(), "- SAUCE_ACCESS_KEY=§"],
    ["sidekiq-credentials", `${hex(8)}:${hex(8)}`, "BUNDLE_ENTERPRISE__CONTRIBSYS__COM=§"],
    ["sidekiq-credentials", `${hex(8)}:${hex(8)}`, "https://§@gems.contribsys.com/"],
    ["teamcity-token", `eyJ0eXAiOiAiVENWMiJ9.${mixed(40)}.${mixed(48)}`, "value='§'"],
  ],
  none: [
    "npm_config_registry and npm_package_version",
    `npm_${"x".repeat(36)}`,
    `//registry.npmjs.org/:_authToken=$${"{NPM_TOKEN}"}`,
    `https://example.org/API-${upper(26)}`,
    '<add key="Password" value="%FEED_PASSWORD%" />',
  ],
});
