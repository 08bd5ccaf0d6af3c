import { expect, test } from "vitest";
import { ciFacts } from "../../../src/cli/run/ci-facts.js";

test.each([
  [
    "github-actions",
    {
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_JOB: "build",
      GITHUB_RUN_ID: "77",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: "acme/app",
    },
    { job: "build", run: "77", url: "https://github.com/acme/app/actions/runs/77" },
  ],
  [
    "gitea-actions",
    { CI: "true", GITHUB_ACTIONS: "true", GITEA_ACTIONS: "true", GITHUB_JOB: "build" },
    { job: "build", run: null, url: null },
  ],
  [
    "gitlab",
    {
      CI: "true",
      GITLAB_CI: "true",
      CI_JOB_NAME: "test: [node 20]",
      CI_PIPELINE_ID: "9",
      CI_JOB_URL: "https://gitlab-ci-token:secret@git.example/a/b/-/jobs/5",
    },
    { job: "test: [node 20]", run: "9", url: "https://git.example/a/b/-/jobs/5" },
  ],
  [
    "circleci",
    {
      CIRCLECI: "true",
      CIRCLE_JOB: "lint",
      CIRCLE_BUILD_NUM: "3",
      CIRCLE_BUILD_URL: "https://c/3",
    },
    { job: "lint", run: "3", url: "https://c/3" },
  ],
  [
    "jenkins",
    {
      JENKINS_URL: "http://ci:8080/",
      JOB_NAME: "nightly/main",
      BUILD_NUMBER: "12",
      BUILD_URL: "http://ci:8080/job/nightly/12/",
    },
    { job: "nightly/main", run: "12", url: "http://ci:8080/job/nightly/12/" },
  ],
  [
    "buildkite",
    {
      BUILDKITE: "true",
      BUILDKITE_LABEL: "",
      BUILDKITE_STEP_KEY: "e2e",
      BUILDKITE_BUILD_NUMBER: "4",
    },
    { job: "e2e", run: "4", url: null },
  ],
  [
    "azure-pipelines",
    {
      TF_BUILD: "True",
      SYSTEM_JOBDISPLAYNAME: "Job",
      BUILD_BUILDID: "8",
      SYSTEM_COLLECTIONURI: "https://dev.azure.com/acme/",
      SYSTEM_TEAMPROJECT: "my app",
    },
    { job: "Job", run: "8", url: "https://dev.azure.com/acme/my%20app/_build/results/8" },
  ],
  ["unknown", { CI: "1" }, { job: null, run: null, url: null }],
] as const)("%s", (system, environment, facts) => {
  expect(ciFacts(environment)).toEqual({ system, ...facts });
});

test.each([{}, { CI: "" }, { CI: "false" }, { GITLAB_CI: "0" }])("%j is no CI", (environment) => {
  expect(ciFacts(environment)).toBeNull();
});

test("an address that is none, and a value without end, come to nothing", () => {
  const facts = ciFacts({
    GITLAB_CI: "true",
    CI_JOB_URL: "javascript:alert(1)",
    CI_JOB_NAME: "x".repeat(5000),
  });
  expect(facts?.url).toBeNull();
  expect(facts?.job).toHaveLength(1024);
});
