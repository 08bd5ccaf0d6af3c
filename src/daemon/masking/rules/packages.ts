/**
 * Packages and pipelines: tokens of registries, build services and tools that
 * ship code, from K to Z in the alphabet.
 */
import { ends, notBehind } from "../engine/edges.js";
import type { Rule } from "../engine/rule.js";
import { byBeginning, byName, joined, mixed } from "./by-shape.js";
import { uuid } from "./shapes.js";

export const packageRules: readonly Rule[] = [
  byBeginning(
    { detector: "npm-token", about: "npm access token" },
    ["npm_"],
    "(?<secret>[A-Za-z0-9]{36})",
  ),
  {
    detector: "npm-token",
    about: "Token or password of a registry in .npmrc",
    keywords: ["/:_authtoken", "/:_auth", "/:_password"],
    anyCase: true,
    pattern: "/:_(?:authToken|auth|password)[ ]?=[ ]?[\"']?(?<secret>[A-Za-z0-9_+/.=-]{8,512})",
    // Tokens were random UUIDs once; one made of the time is no token.
    accept: (secret) => !/^[0-9a-f]{8}-[0-9a-f]{4}-1/i.test(secret),
  },
  byBeginning(
    { detector: "pypi-token", about: "PyPI upload token" },
    ["pypi-AgE"],
    "[A-Za-z0-9_-]{48,1024}",
  ),
  byBeginning(
    { detector: "rubygems-api-key", about: "RubyGems key" },
    ["rubygems_"],
    "[0-9a-f]{48}",
  ),
  byBeginning({ detector: "nuget-api-key", about: "NuGet key" }, ["oy2"], "[a-z0-9]{43}"),
  {
    detector: "nuget-config-password",
    about: "Password of a feed in nuget.config",
    keywords: [
      'key="cleartextpassword"',
      'key="password"',
      "key='cleartextpassword'",
      "key='password'",
    ],
    anyCase: true,
    pattern:
      "key=[\"'](?:ClearText)?Password[\"']\\s{1,8}value=[\"'](?<secret>[^\"'\\s<>]{4,256})[\"']",
    accept: (secret) => !/^(?:%[^%]{1,64}%|\$[({].{1,64})$|x{4}|\*{3}/i.test(secret),
  },
  byBeginning(
    { detector: "packagist-token", about: "Packagist token" },
    ["packagist_uut_", "packagist_ort_", "packagist_out_", "packagist_ack_"],
    "[0-9a-f]{68}",
  ),
  {
    detector: "octopus-api-key",
    about: "Octopus Deploy key",
    keywords: ["API-"],
    exact: true,
    pattern: `${notBehind("A-Za-z0-9_/-")}API-(?<secret>[A-Z0-9]{25,28})${ends}`,
    accept: mixed,
  },
  byBeginning({ detector: "readme-api-key", about: "ReadMe key" }, ["rdme_"], "[a-z0-9]{60,90}"),
  byBeginning(
    { detector: "postman-api-key", about: "Postman key" },
    ["PMAK-"],
    "[A-Za-z0-9]{24}-[A-Za-z0-9]{34}",
  ),
  byBeginning(
    { detector: "postman-access-key", about: "Postman collection access key" },
    ["PMAT-"],
    "[A-Z0-9]{26}",
  ),
  byBeginning(
    { detector: "openvsx-token", about: "Open VSX token" },
    ["ovsxat_", "ovsxp_"],
    `(?:${uuid}|[A-Za-z0-9_-]{30,64})`,
  ),
  byName(
    {
      detector: "vscode-marketplace-token",
      about: "Visual Studio Marketplace token",
      accept: mixed,
    },
    ["vsce_pat", "vsce-pat"],
    "[a-z0-9]{52,84}",
  ),
  byName(
    { detector: "travis-token", about: "Travis CI token", accept: mixed },
    ["travis"],
    "[a-z0-9_-]{22}",
  ),
  byName(
    { detector: "sauce-access-key", about: "Sauce Labs access key" },
    ["sauce_", "sauce-", "saucelabs", "sauce."],
    uuid,
  ),
  // As its owners write it: `SAUCE` and the key near each other, dashes in any place.
  byName(
    { detector: "sauce-access-key", about: "Sauce Labs access key", accept: mixed },
    ["sauce"],
    "[0-9a-f]{8}-[0-9a-f-]{24,30}",
  ),
  byName(
    { detector: "semaphore-token", about: "Semaphore CI token", accept: mixed },
    ["semaphore_", "semaphoreci"],
    "[a-z0-9_-]{20,36}",
  ),
  byName(
    { detector: "lambdatest-access-key", about: "LambdaTest access key", accept: mixed },
    ["lambdatest", "lt_access_key"],
    "(?:lt_)?[a-z0-9]{48,52}",
  ),
  byName(
    { detector: "percy-token", about: "Percy token", accept: mixed },
    ["percy_"],
    "(?:web_|auto_|app_|ss_|vmw_)?[0-9a-f]{64}",
  ),
  {
    detector: "sidekiq-credentials",
    about: "Sidekiq Pro or Enterprise user and password",
    keywords: ["contribsys__com"],
    anyCase: true,
    pattern:
      "contribsys__com[\\w. \\t-]{0,32}[\"'`)>\\]\\\\]{0,4}[ \\t]{0,4}(?:string)?[ \\t]{0,2}[=:,.?|>-]{0,4}=?>?[\\s\"'`=(\\\\]{0,24}(?<secret>[0-9a-f]{8}:[0-9a-f]{8})" +
      ends,
  },
  {
    detector: "sidekiq-credentials",
    about: "Sidekiq Pro or Enterprise server with user and password",
    keywords: ["http://", "https://"],
    anyCase: true,
    pattern: "https?://(?<secret>[0-9a-f]{8}:[0-9a-f]{8})@(?:gems|enterprise)\\.contribsys\\.com",
  },
  byName(
    { detector: "quay-token", about: "Quay token", accept: mixed },
    ["quay_", "quay.io"],
    "[a-z0-9]{40,80}",
  ),
  byName(
    { detector: "sonatype-token", about: "Sonatype user token", accept: mixed },
    ["sonatype", "ossrh", "mavencentral", "maven_central"],
    "(?:[a-z0-9/+]{8}|[a-z0-9/+]{44})",
  ),
  byName(
    { detector: "nexus-token", about: "Nexus token" },
    ["nexus_token", "nexus-token", "nexus_pass"],
    uuid,
  ),
  byName(
    { detector: "nx-cloud-token", about: "Nx Cloud token", accept: mixed },
    ["nx_cloud", "nxcloud"],
    "[a-z0-9+/=|]{40,120}",
  ),
  byName(
    { detector: "turborepo-token", about: "Turborepo remote cache token", accept: mixed },
    ["turbo_token"],
    "[a-z0-9]{24}",
  ),
  byName(
    { detector: "netsparker-token", about: "Netsparker token", accept: mixed },
    ["netsparker"],
    "[a-z0-9/+=]{44}",
  ),
  byBeginning(
    { detector: "trigger-api-key", about: "Trigger.dev key", accept: mixed },
    ["tr_dev_", "tr_prod_", "tr_stg_", "tr_pat_"],
    "[A-Za-z0-9]{16,48}",
  ),
  byName(
    { detector: "teamcity-token", about: "TeamCity token" },
    ["teamcity", "cleartextpassword"],
    "eyJ0eXAiOiAiVENWMiJ9\\.[a-z0-9_-]{20,64}\\.[a-z0-9_-]{40,64}",
  ),
  byBeginning(
    { detector: "teamcity-token", about: "TeamCity token" },
    ["eyJ0eXAiOiAiVENWMiJ9."],
    "[A-Za-z0-9_-]{20,64}\\.[A-Za-z0-9_-]{40,64}",
  ),
  byName(
    { detector: "woodpecker-secret", about: "Woodpecker CI secret", accept: mixed },
    joined("woodpecker", "agent"),
    "[a-z0-9]{32,64}",
  ),
];
