/**
 * Build and delivery: continuous integration, coverage, package registries and
 * stores of what was built — Artifactory to Jenkins.
 */
import { begins, ends, notBefore } from "../engine/edges.js";
import { isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { anywhere } from "./anywhere.js";
import { byBeginning, byName, mixed } from "./by-shape.js";
import { assigned } from "./shapes.js";

const real = (secret: string) => !isPlaceholder(secret);
const upperHex = [..."0123456789ABCDEF"];

export const buildDeliveryRules: readonly Rule[] = [
  byBeginning(
    { detector: "artifactory-key", about: "Artifactory API key" },
    ["AKCp"],
    "[A-Za-z0-9]{60,75}",
  ),
  byBeginning(
    { detector: "artifactory-key", about: "Artifactory reference token" },
    ["cmVmd"],
    "[A-Za-z0-9]{59}",
  ),
  {
    detector: "artifactory-key",
    about: "Artifactory API key or encrypted password, old forms",
    keywords: ["AKC", ...upperHex.map((digit) => `AP${digit}`)],
    exact: true,
    pattern: `(?:^|(?<=[\\s=:"'^]))(?:AKC|AP[0-9A-F])[A-Za-z0-9]{10,80}${ends}`,
    accept: (key) =>
      /[a-z]/.test(key.slice(3)) &&
      /\d|x{5}|^AKC/.test(key) &&
      !/^AP[A-F][a-z]{0,3}[A-Z][a-z]/.test(key),
  },
  {
    ...byName(
      { detector: "jfrog-key", about: "JFrog API key or identity token", accept: mixed },
      ["jfrog", "artifactory", "bintray", "xray"],
      "(?:[A-Za-z0-9]{73}|[A-Za-z0-9]{64})",
    ),
  },
  byBeginning(
    { detector: "buildkite-token", about: "Buildkite token" },
    ["bkua_", "bkct_", "bkaj_", "bkat_", "bkpt_"],
    "[A-Za-z0-9_-]{30,60}",
  ),
  byBeginning(
    { detector: "circleci-token", about: "CircleCI token" },
    ["CCIPAT_", "CCIPRJ_"],
    "[A-Za-z0-9]{20,26}_[0-9a-f]{40}",
  ),
  byName(
    { detector: "circleci-token", about: "CircleCI token as it was until 2022", accept: real },
    ["circleci", "circle_token", "circle-token"],
    "[0-9a-f]{40}",
  ),
  byBeginning(
    { detector: "clojars-token", about: "Clojars deploy token" },
    ["CLOJARS_", "clojars_"],
    "[A-Za-z0-9]{60}",
  ),
  byName(
    { detector: "codeclimate-token", about: "Code Climate reporter ID", accept: real },
    ["cc_test_reporter_id", "codeclimate", "code_climate"],
    "[0-9a-f]{64}",
  ),
  byName(
    { detector: "codecov-token", about: "Codecov upload token", accept: real },
    ["codecov"],
    "(?:[a-z0-9]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
  ),
  byName(
    {
      detector: "coveralls-token",
      about: "Coveralls repository token",
      accept: (token) => mixed(token) && real(token),
    },
    ["coveralls"],
    "[A-Za-z0-9]{32,36}",
  ),
  {
    detector: "crates-token",
    about: "crates.io API token",
    keywords: ["cio"],
    exact: true,
    pattern: `${begins}cio[A-Za-z0-9]{32}${ends}`,
    accept: (token) => mixed(token) && /[A-Z]/.test(token),
  },
  byBeginning(
    { detector: "cypress-key", about: "Cypress record key beside its name" },
    ["CYPRESS_RECORD_KEY="],
    "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
  ),
  byBeginning(
    { detector: "dependency-track-key", about: "Dependency-Track API key" },
    ["odt_"],
    "[A-Za-z0-9_]{32,48}",
  ),
  anywhere(
    { detector: "docker-hub-token", about: "Docker Hub personal or organization access token" },
    ["dckr_pat_", "dckr_oat_"],
    "[A-Za-z0-9_-]{27,40}",
  ),
  {
    detector: "docker-auth",
    about: "registry password in Docker's config.json",
    keywords: ['"auth"', '\\"auth\\'],
    pattern: '"auth\\\\?"\\s{0,4}:\\s{0,4}\\\\?"(?<secret>[A-Za-z0-9+/]{12,2000}={0,2})\\\\?"',
    accept: real,
  },
  byName(
    { detector: "drone-token", about: "Drone CI token", accept: real },
    ["droneci", "drone_token", "drone-token", "drone"],
    "[a-z0-9]{32}",
  ),
  byBeginning(
    { detector: "expo-token", about: "Expo access token beside its name" },
    ["EXPO_TOKEN="],
    "[A-Za-z0-9_-]{40}",
  ),
  {
    detector: "gradle-password",
    about: "repository password in a Gradle build",
    keywords: ["credentials"],
    pattern:
      "credentials[ \\t]{0,4}(?:\\([\\w.]{1,40}\\)[ \\t]{0,4})?\\{[^{}]{0,200}\\bpassword(?:[ \\t]{1,8}|[ \\t]{0,4}(?:=|\\.set\\()[ \\t]{0,4}|[ \\t]{0,4}\\()[\"'](?<secret>[^\"'\\s$]{4,80})[\"']",
  },
  byBeginning(
    { detector: "gradle-enterprise-key", about: "Develocity access key" },
    ["GRADLE_ENTERPRISE_ACCESS_KEY=", "DEVELOCITY_ACCESS_KEY="],
    "[\\w.-]{3,80}=[A-Za-z0-9]{40,80}",
  ),
  {
    ...byName(
      { detector: "jenkins-token", about: "Jenkins API token" },
      ["jenkins"],
      "11[0-9a-f]{32}",
    ),
    pattern: assigned("jenkins", "(?:11[0-9a-f]{32}|[0-9a-f]{32})"),
    accept: real,
  },
  {
    detector: "jenkins-token",
    about: "Jenkins crumb",
    keywords: ["jenkins-crumb"],
    anyCase: true,
    pattern: "jenkins-crumb[\"']?[:=][\\s\"']{0,3}(?<secret>[0-9a-f]{32,64})",
  },
  {
    detector: "jenkins-password",
    about: "Jenkins first administrator's password",
    keywords: ["password to proceed"],
    pattern: `password to proceed to installation:\\s{1,12}(?<secret>[0-9a-f]{30,40})${notBefore("0-9a-f")}`,
  },
];
