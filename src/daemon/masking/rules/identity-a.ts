/**
 * Identity and secrets, 1Password to Ghost: keys to what keeps keys, to who
 * people are, and the secrets web applications sign with.
 */
import { begins, ends, notBefore } from "../engine/edges.js";
import { isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { anywhere, written } from "./anywhere.js";
import { byBeginning, byName } from "./by-shape.js";
import { assigned } from "./shapes.js";

const real = (secret: string) => !isPlaceholder(secret);

export const identityRulesA: readonly Rule[] = [
  {
    detector: "1password-secret-key",
    about: "1Password account's secret key",
    keywords: ["A3-"],
    exact: true,
    pattern: `${begins}A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}${ends}`,
    accept: written,
  },
  {
    detector: "1password-token",
    about: "1Password service account token",
    keywords: ["ops_eyJ"],
    exact: true,
    pattern: `${begins}ops_eyJ[A-Za-z0-9+/_-]{200,4000}={0,3}`,
  },
  {
    detector: "age-secret-key",
    about: "age identity",
    keywords: ["AGE-SECRET-KEY-"],
    exact: true,
    pattern: `AGE-SECRET-KEY-(?:1[0-9A-Z]{58}|PQ-1[0-9A-Z]{50,80})${notBefore("A-Za-z0-9")}`,
  },
  byName(
    { detector: "auth0-client-secret", about: "Auth0 client secret", accept: real },
    ["auth0"],
    "[A-Za-z0-9_-]{64}",
  ),
  {
    ...byName({ detector: "auth0-client-id", about: "Auth0 client ID" }, ["auth0"], ""),
    pattern: assigned("auth0[\\w.-]{0,16}client[_-]?id", "[A-Za-z0-9_-]{32}"),
    accept: real,
  },
  {
    detector: "auth0-domain",
    about: "Auth0 tenant, beside its name",
    keywords: ["auth0"],
    anyCase: true,
    pattern: assigned(
      "auth0[\\w.-]{0,16}(?:domain|issuer|tenant)",
      "(?:https://)?[a-z0-9-]{3,48}(?:\\.[a-z]{2})?\\.auth0\\.com",
    ),
  },
  {
    detector: "authress-key",
    about: "Authress service client access key",
    keywords: [".acc_", ".acc-"],
    before: 50,
    pattern: `${begins}(?:sc|ext|scauth|authress)_[a-z0-9]{5,32}\\.[a-z0-9]{4,6}\\.acc[_-][a-z0-9-]{8,36}\\.[A-Za-z0-9+/_=-]{30,130}`,
    anyCase: true,
  },
  byBeginning(
    { detector: "clerk-key", about: "Clerk webhook secret or machine key" },
    ["whsec_", "ak_live_", "ak_test_"],
    "[A-Za-z0-9+/]{24,64}={0,2}",
  ),
  {
    detector: "django-secret-key",
    about: "Django's secret key as a new project has it",
    keywords: ["django-insecure-"],
    pattern: "django-insecure-[^\\s'\"`\\\\<>]{20,80}",
  },
  {
    detector: "django-secret-key",
    about: "Django's secret key under the warning that a new project's settings give",
    keywords: ["secret key used in production secret!"],
    pattern:
      "secret key used in production secret![^=\"']{0,24}SECRET_KEY\\s{0,4}=\\s{0,4}r?[\"'](?<secret>[^\"'\\n]{5,100})[\"']",
  },
  {
    detector: "django-secret-key",
    about: "Django's secret key: 50 characters of its own alphabet",
    keywords: ["secret_key"],
    anyCase: true,
    pattern:
      "secret_key['\"]?\\]?[ \\t]{0,8}[=:][ \\t]{0,8}['\"](?<secret>[a-z0-9!@#$%^&*(_=+)-]{50})['\"]",
    accept: (secret) => real(secret) && /\d/.test(secret),
  },
  anywhere(
    { detector: "doppler-token", about: "Doppler token of any kind" },
    ["dp.ct.", "dp.pt.", "dp.sa.", "dp.scim.", "dp.audit."],
    "[A-Za-z0-9]{40,44}",
  ),
  anywhere(
    { detector: "doppler-token", about: "Doppler service token" },
    ["dp.st."],
    "(?:[\\w-]{2,40}\\.)?[A-Za-z0-9]{40,44}",
  ),
  {
    detector: "ghost-key",
    about: "Ghost Admin API key",
    keywords: ["ghost"],
    anyCase: true,
    pattern: assigned("ghost", "[0-9a-f]{24}:[0-9a-f]{64}"),
  },
  byBeginning(
    { detector: "infisical-token", about: "Infisical service token" },
    ["st."],
    "[0-9a-f]{24}\\.[0-9a-f]{32}\\.[0-9a-f]{32}",
  ),
  {
    detector: "bitwarden-token",
    about: "Bitwarden access token of a machine account",
    keywords: ["bws_access_token"],
    anyCase: true,
    pattern:
      "(?:bws_access_token[\"'=:\\s]{1,4})?(?<secret>0\\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\.[A-Za-z0-9]{30}:[A-Za-z0-9+/]{22}==)",
  },
];
