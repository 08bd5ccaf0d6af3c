/** Keys of build servers and registries are found by their beginnings or beside their names. */
import { expect, test } from "vitest";
import { buildDeliveryRules } from "../../../../src/daemon/masking/rules/build-delivery.js";
import { invented } from "../../../support/invented.js";
import { matchesOf } from "../../../support/rule-matches.js";

const { hex, lower, mixed, uuid } = invented;

test.each([
  ["artifactory-key", `AK${"Cp"}${mixed(69)}`, `AK${"Cp"}${mixed(69)}`],
  ["artifactory-key", `X-JFrog-Art-Api: cmV${"md"}${mixed(59)}`, `cmV${"md"}${mixed(59)}`],
  ["jfrog-key", `JFROG_TOKEN=${mixed(64)}`, mixed(64)],
  ["buildkite-token", `bk${"ua_"}${hex(40)}`, `bk${"ua_"}${hex(40)}`],
  ["circleci-token", `CCI${"PAT_"}${mixed(22)}_${hex(40)}`, `CCI${"PAT_"}${mixed(22)}_${hex(40)}`],
  ["clojars-token", `CLOJ${"ARS_"}${hex(60)}`, `CLOJ${"ARS_"}${hex(60)}`],
  ["codeclimate-token", `CC_TEST_REPORTER_ID=${hex(64)}`, hex(64)],
  ["codecov-token", `CODECOV_TOKEN: "${uuid()}"`, uuid()],
  ["crates-token", `token = "ci${"o"}${mixed(32)}"`, `ci${"o"}${mixed(32)}`],
  ["dependency-track-key", `od${"t_"}${mixed(32)}`, `od${"t_"}${mixed(32)}`],
  ["docker-hub-token", `docker login -p dckr${"_pat_"}${mixed(27)}`, `dckr${"_pat_"}${mixed(27)}`],
  ["docker-auth", `{"auths":{"x.io":{"auth":"${mixed(40)}=="}}}`, `${mixed(40)}==`],
  ["drone-token", `DRONE_TOKEN=${lower(32)}`, lower(32)],
  ["gradle-password", `credentials {\n  username "acme"\n  password "tr33house"\n}`, "tr33house"],
  ["jenkins-token", `JENKINS_TOKEN=11${hex(32)}`, `11${hex(32)}`],
  ["jenkins-password", `password to proceed to installation:\n\n${hex(32)}`, hex(32)],
])("%s: %s", (detector, text, secret) => {
  const found = matchesOf(buildDeliveryRules, text);

  expect(found.map((finding) => finding.detector)).toContain(detector);
  expect(found.map(({ start, end }) => text.slice(start, end))).toContain(secret);
});

test.each([
  "an APIClient has no key, nor has AKC the kennel club",
  "ciorriiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii",
  `codecov: see commit ${hex(40)}`,
  "jenkins: https://ci.example.org/job/build",
  `{"auth": "basic"}`,
  "drone = flying thing",
])("is none: %s", (text) => {
  expect(matchesOf(buildDeliveryRules, text)).toEqual([]);
});
