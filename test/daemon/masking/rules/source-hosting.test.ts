/** Tokens of GitHub, GitLab and Bitbucket are found wherever they stand. */
import { expect, test } from "vitest";
import { sourceHostingRules } from "../../../../src/daemon/masking/rules/source-hosting.js";
import { invented } from "../../../support/invented.js";
import { matchesOf } from "../../../support/rule-matches.js";

const { hex, lower, mixed } = invented;

test.each([
  ...["ghp", "gho", "ghu", "ghs", "ghr"].map((kind) => [
    "github-token",
    `https://x:${kind}_${mixed(36)}@github.com/acme/app`,
    `${kind}_${mixed(36)}`,
  ]),
  ["github-token", `%3Dgh${"p_"}${mixed(36)}`, `gh${"p_"}${mixed(36)}`],
  [
    "github-token",
    `git${"hub_pat_"}${mixed(22)}_${mixed(59)}`,
    `${"pat_"}${mixed(22)}_${mixed(59)}`,
  ],
  ["github-client-secret", `GITHUB_CLIENT_SECRET=${hex(40)}`, hex(40)],
  ["github-client-secret", `GitHub client id   ${lower(40)}`, lower(40)],
  ["github-client-id", `clientID: "${hex(20)}"`, hex(20)],
  ...["glpat", "gldt", "glft", "glimt", "glrt", "glsoat"].map((kind) => [
    "gitlab-token",
    `${kind}-${mixed(26)}`,
    `${kind}-${mixed(26)}`,
  ]),
  [
    "gitlab-token",
    `glpat${"-"}${mixed(27)}.01.${lower(7)}x1`,
    `glpat${"-"}${mixed(27)}.01.${lower(7)}x1`,
  ],
  ["gitlab-token", `glcbt-64_${mixed(20)}`, `glcbt-64_${mixed(20)}`],
  ["gitlab-token", `glagent-${mixed(50)}`, `glagent-${mixed(50)}`],
  ["gitlab-token", `gloas-${hex(64)}`, `gloas-${hex(64)}`],
  ["gitlab-token", `glptt-${hex(40)}`, `glptt-${hex(40)}`],
  ["gitlab-token", `GR${"1348941"}${mixed(20)}`, `GR${"1348941"}${mixed(20)}`],
  ["gitlab-session", `Cookie: _gitlab_session=${lower(32)}`, `_gitlab_session=${lower(32)}`],
  ["bitbucket-token", `https://x:AT${"BB"}${mixed(32)}@bitbucket.org`, `AT${"BB"}${mixed(32)}`],
  ["bitbucket-client-id", `bitbucket_key: ${mixed(32)}`, mixed(32)],
  ["bitbucket-client-secret", `bitbucketSecret = "${mixed(64)}"`, mixed(64)],
  ["gitter-token", `GITTER_TOKEN=${hex(40)}`, hex(40)],
])("%s: %s", (detector, text, secret) => {
  const found = matchesOf(sourceHostingRules, text);

  expect(found.map((finding) => finding.detector)).toContain(detector);
  expect(found.map(({ start, end }) => text.slice(start, end))).toContain(secret);
});

test.each([
  `github: fixed in ${hex(40)}`,
  `commit ${hex(40)} of https://github.com/acme/app`,
  `ghp_${"x".repeat(36)}`,
  `glpat-${"x".repeat(20)}`,
  "glpat-tooshort",
  "gitlab: https://gitlab.com/acme/app",
])("is none: %s", (text) => {
  expect(matchesOf(sourceHostingRules, text)).toEqual([]);
});
