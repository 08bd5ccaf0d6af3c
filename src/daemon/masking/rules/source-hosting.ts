/**
 * Source hosting: GitHub, GitLab, Bitbucket, and Gitter and Gitalk, who live
 * beside them.
 */
import { ends, notBefore } from "../engine/edges.js";
import { isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { anywhere, column, written } from "./anywhere.js";
import { byBeginning, byName, mixed } from "./by-shape.js";
import { assigned } from "./shapes.js";

const real = (secret: string) => !isPlaceholder(secret);

/** What GitLab's tokens begin with, by their kind. */
const gitlabBeginnings = [
  "glpat-",
  "gldt-",
  "glft-",
  "glimt-",
  "glrt-",
  "glrtr-",
  "glsoat-",
  "glffct-",
  "glwt-",
];

export const sourceHostingRules: readonly Rule[] = [
  anywhere(
    {
      detector: "github-token",
      about: "GitHub token: personal, OAuth, user or refresh",
      accept: written,
    },
    ["ghp_", "gho_", "ghu_", "ghr_"],
    "[A-Za-z0-9]{36,255}(?:_[A-Za-z0-9_.-]{20,1000})?",
  ),
  byBeginning(
    // Words end so: `highs`.
    { detector: "github-token", about: "GitHub app's installation token", accept: written },
    ["ghs_"],
    "[A-Za-z0-9]{36,255}(?:_[A-Za-z0-9_.-]{20,1000})?",
  ),
  {
    detector: "github-token",
    about: "GitHub fine-grained personal access token, after its first word",
    keywords: ["github_pat_"],
    exact: true,
    // `git` at the end of an event is a word, and must not wait for the next.
    pattern: `github_(?<secret>pat_[A-Za-z0-9_]{22,255})${ends}`,
    accept: written,
  },
  {
    ...byName(
      {
        detector: "github-client-secret",
        about: "GitHub OAuth client secret, or a token as it was until 2021",
      },
      ["github", "gh_", "gitalk"],
      "",
    ),
    pattern: assigned(
      "(?:github|gh_|gitalk)[^=:\\n]{0,40}(?:secret|token|consumer[\\w-]{0,4}|key|pass\\w{0,4})",
      "[0-9a-f]{40}",
    ),
    accept: real,
  },
  {
    detector: "github-client-secret",
    about: "GitHub OAuth client secret in a column beside its name",
    keywords: ["github"],
    anyCase: true,
    pattern: column("github", "[a-z0-9]{40}"),
    accept: (secret) => real(secret) && mixed(secret),
  },
  {
    detector: "github-client-secret",
    about: "GitHub OAuth client secret, by its name alone",
    keywords: ["client_secret", "clientsecret", "client-secret"],
    anyCase: true,
    pattern: assigned("client[_-]?secret", "[0-9a-f]{40}"),
    accept: real,
  },
  {
    detector: "github-client-id",
    about: "GitHub OAuth client ID",
    keywords: ["client_id", "clientid", "client-id"],
    anyCase: true,
    pattern: assigned(
      "client[_-]?id",
      "(?:[0-9a-f]{20}|Iv1\\.[0-9a-f]{16}|Iv23[a-z0-9]{16}|Ov23[a-z0-9]{16})",
    ),
    accept: (id) => real(id) && /\d/.test(id),
  },
  anywhere(
    { detector: "gitlab-token", about: "GitLab token of any kind", accept: written },
    gitlabBeginnings,
    "[A-Za-z0-9_-]{20,300}(?:\\.[0-9a-z]{2}\\.?[0-9a-z]{7,9})?",
  ),
  anywhere(
    { detector: "gitlab-token", about: "GitLab agent token", accept: written },
    ["glagent-"],
    "[A-Za-z0-9_-]{50,300}",
  ),
  anywhere(
    { detector: "gitlab-token", about: "GitLab OAuth application secret", accept: written },
    ["gloas-"],
    "[A-Za-z0-9_-]{64}",
  ),
  anywhere(
    { detector: "gitlab-token", about: "GitLab pipeline trigger token", accept: written },
    ["glptt-"],
    "[A-Za-z0-9_-]{40}",
  ),
  anywhere(
    { detector: "gitlab-token", about: "GitLab CI/CD job token", accept: written },
    ["glcbt-"],
    "(?:[0-9a-zA-Z]{1,5}_)?[A-Za-z0-9_-]{20,64}",
  ),
  anywhere(
    { detector: "gitlab-token", about: "GitLab runner registration token" },
    ["GR1348941"],
    "[A-Za-z0-9_-]{20,32}",
  ),
  {
    detector: "gitlab-session",
    about: "GitLab session cookie",
    keywords: ["_gitlab_session"],
    anyCase: true,
    pattern: `_gitlab_session["'\\s:=]{1,6}[0-9a-z]{32}${notBefore("A-Za-z0-9")}`,
  },
  byName(
    { detector: "gitlab-token", about: "GitLab token as it was until 2020", accept: real },
    ["gitlab"],
    `[A-Za-z0-9_-]{20}${notBefore("A-Za-z0-9_.-")}`,
  ),
  byBeginning(
    { detector: "bitbucket-token", about: "Bitbucket app password" },
    ["ATBB"],
    "[A-Za-z0-9_=.-]{24,32}",
  ),
  byBeginning(
    { detector: "bitbucket-token", about: "Bitbucket access token" },
    ["ATCTT3xFfG"],
    "[A-Za-z0-9_=-]{100,300}",
  ),
  byName(
    { detector: "bitbucket-client-id", about: "Bitbucket OAuth client ID", accept: real },
    ["bitbucket"],
    "[A-Za-z0-9]{32}",
  ),
  byName(
    { detector: "bitbucket-client-secret", about: "Bitbucket OAuth client secret", accept: real },
    ["bitbucket"],
    "[A-Za-z0-9=_-]{64}",
  ),
  byName(
    { detector: "gitter-token", about: "Gitter access token", accept: real },
    ["gitter"],
    "[A-Za-z0-9_-]{40}",
  ),
];
