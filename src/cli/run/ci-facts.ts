/**
 * CI facts: which CI job a run belongs to, by the variables that CI systems
 * set, in one table. A new system is one row. Of variables that hold tokens
 * none is read.
 */
import type { CiView } from "../../contract/views.js";
import type { Environment } from "../start-daemon.js";
import { withoutCredentials } from "./plain-url.js";

interface CiSystem {
  readonly system: string;
  /** Set, and neither empty nor `false`, in each of its jobs. */
  readonly mark: string;
  /** The first that is set counts. */
  readonly job: readonly string[];
  readonly run: readonly string[];
  /** `$NAME` stands for a variable; without one of them there is no address. */
  readonly url: string | null;
}

const githubRun = "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID";

/** The first that matches counts: some also set another's mark. */
const systems: readonly CiSystem[] = [
  {
    system: "forgejo-actions",
    mark: "FORGEJO_ACTIONS",
    job: ["GITHUB_JOB"],
    run: ["GITHUB_RUN_ID"],
    url: githubRun,
  },
  {
    system: "gitea-actions",
    mark: "GITEA_ACTIONS",
    job: ["GITHUB_JOB"],
    run: ["GITHUB_RUN_ID"],
    url: githubRun,
  },
  {
    system: "github-actions",
    mark: "GITHUB_ACTIONS",
    job: ["GITHUB_JOB"],
    run: ["GITHUB_RUN_ID"],
    url: githubRun,
  },
  {
    system: "gitlab",
    mark: "GITLAB_CI",
    job: ["CI_JOB_NAME"],
    run: ["CI_PIPELINE_ID"],
    url: "$CI_JOB_URL",
  },
  {
    system: "circleci",
    mark: "CIRCLECI",
    job: ["CIRCLE_JOB"],
    run: ["CIRCLE_BUILD_NUM"],
    url: "$CIRCLE_BUILD_URL",
  },
  {
    system: "buildkite",
    mark: "BUILDKITE",
    job: ["BUILDKITE_LABEL", "BUILDKITE_STEP_KEY"],
    run: ["BUILDKITE_BUILD_NUMBER"],
    url: "$BUILDKITE_BUILD_URL",
  },
  {
    system: "azure-pipelines",
    mark: "TF_BUILD",
    job: ["SYSTEM_JOBDISPLAYNAME", "AGENT_JOBNAME"],
    run: ["BUILD_BUILDID"],
    url: "$SYSTEM_COLLECTIONURI$SYSTEM_TEAMPROJECT/_build/results/$BUILD_BUILDID",
  },
  {
    system: "bitbucket",
    mark: "BITBUCKET_BUILD_NUMBER",
    job: ["BITBUCKET_STEP_UUID"],
    run: ["BITBUCKET_BUILD_NUMBER"],
    url: "$BITBUCKET_GIT_HTTP_ORIGIN/pipelines/results/$BITBUCKET_BUILD_NUMBER",
  },
  {
    system: "travis",
    mark: "TRAVIS",
    job: ["TRAVIS_JOB_NAME", "TRAVIS_JOB_NUMBER"],
    run: ["TRAVIS_BUILD_NUMBER"],
    url: "$TRAVIS_JOB_WEB_URL",
  },
  {
    system: "drone",
    mark: "DRONE",
    job: ["DRONE_STEP_NAME", "DRONE_STAGE_NAME"],
    run: ["DRONE_BUILD_NUMBER"],
    url: "$DRONE_BUILD_LINK",
  },
  {
    system: "appveyor",
    mark: "APPVEYOR",
    job: ["APPVEYOR_JOB_NAME", "APPVEYOR_JOB_ID"],
    run: ["APPVEYOR_BUILD_NUMBER"],
    url: "$APPVEYOR_URL/project/$APPVEYOR_ACCOUNT_NAME/$APPVEYOR_PROJECT_SLUG",
  },
  {
    system: "teamcity",
    mark: "TEAMCITY_VERSION",
    job: ["TEAMCITY_BUILDCONF_NAME"],
    run: ["BUILD_NUMBER"],
    url: "$BUILD_URL",
  },
  {
    system: "codebuild",
    mark: "CODEBUILD_BUILD_ID",
    job: ["CODEBUILD_BUILD_ID"],
    run: ["CODEBUILD_BUILD_NUMBER"],
    url: "$CODEBUILD_PUBLIC_BUILD_URL",
  },
  {
    system: "jenkins",
    mark: "JENKINS_URL",
    job: ["JOB_NAME"],
    run: ["BUILD_NUMBER"],
    url: "$BUILD_URL",
  },
  // A system of one's own: most of them say that much.
  { system: "unknown", mark: "CI", job: [], run: [], url: null },
];

const longest = 1024;

/** The job whose environment this is; null outside CI. */
export function ciFacts(environment: Environment): CiView | null {
  const found = systems.find(({ mark }) => !["", "false", "0"].includes(environment[mark] ?? ""));
  if (found === undefined) return null;
  const first = (names: readonly string[]) =>
    names.map((name) => environment[name] ?? "").find((value) => value !== "") ?? null;
  return {
    system: found.system,
    job: first(found.job)?.slice(0, longest) ?? null,
    run: first(found.run)?.slice(0, longest) ?? null,
    url: found.url === null ? null : addressOf(found.url, environment),
  };
}

function addressOf(pattern: string, environment: Environment): string | null {
  const names = [...pattern.matchAll(/\$([A-Z_]+)/g)].map(([, name = ""]) => name);
  if (names.some((name) => (environment[name] ?? "") === "")) return null;
  const url = pattern.replaceAll(/\$([A-Z_]+)/g, (_, name: string) => environment[name] ?? "");
  return /^https?:\/\//.test(url) ? (withoutCredentials(url)?.slice(0, longest) ?? null) : null;
}
