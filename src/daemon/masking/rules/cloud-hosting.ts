/**
 * Cloud, hosting: the keys of those who rent out machines, networks, names and
 * registries — Aiven to Heroku — and of HashiCorp, whose tools hold them all.
 */
import { begins, ends, notBefore, notBehind } from "../engine/edges.js";
import { entropyOf, isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { anywhere, written } from "./anywhere.js";
import { byBeginning, byName, mixed } from "./by-shape.js";
import { assigned } from "./shapes.js";

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const real = (secret: string) => !isPlaceholder(secret);

export const hostingRules: readonly Rule[] = [
  byBeginning(
    { detector: "aiven-password", about: "Aiven service password" },
    ["AVNS_"],
    "[A-Za-z0-9_-]{19,24}",
  ),
  byBeginning(
    { detector: "alibaba-access-key", about: "Alibaba Cloud access key ID" },
    ["LTAI"],
    "[A-Za-z0-9]{12,26}",
  ),
  byName(
    { detector: "alibaba-secret-key", about: "Alibaba Cloud access key secret", accept: mixed },
    ["alibaba", "aliyun", "alicloud", "alipay", "aliyuncs"],
    "[a-z0-9]{30}",
  ),
  {
    detector: "backblaze-key",
    about: "Backblaze B2 application key",
    keywords: ["K00"],
    exact: true,
    pattern: `${begins}K00[0-9][A-Za-z0-9/+]{27}${notBefore("A-Za-z0-9/+=")}`,
    accept: (key) => entropyOf(key) > 3.8 && mixed(key),
  },
  byName(
    {
      detector: "cisco-meraki-key",
      about: "Cisco Meraki API key",
      accept: (key) =>
        real(key) && entropyOf(key) > 3 && !/[a-f].{0,38}[A-F]|[A-F].{0,38}[a-f]/.test(key),
    },
    ["meraki"],
    "[0-9a-f]{40}",
  ),
  {
    ...byName(
      { detector: "civo-token", about: "Civo API key", accept: mixed },
      ["civo"],
      "[A-Za-z0-9]{50}",
    ),
  },
  byBeginning(
    { detector: "clickhouse-key", about: "ClickHouse Cloud API secret key", accept: written },
    ["4b1d"],
    "[A-Za-z0-9]{38}",
  ),
  byBeginning(
    { detector: "cloudflare-token", about: "Cloudflare token with its beginning" },
    ["cfat_", "cfut_", "cfk_"],
    "[A-Za-z0-9_-]{40,64}",
  ),
  byName(
    { detector: "cloudflare-token", about: "Cloudflare API token", accept: real },
    ["cloudflare", "cf_api", "cf-api"],
    "[a-z0-9_-]{40}",
  ),
  byName(
    { detector: "cloudflare-global-key", about: "Cloudflare global API key", accept: real },
    ["cloudflare", "cf_api", "x-auth-key"],
    "[0-9a-f]{37}",
  ),
  byBeginning(
    { detector: "cloudflare-origin-key", about: "Cloudflare origin CA key" },
    ["v1.0-"],
    "[0-9a-f]{24}-[0-9a-f]{146}",
  ),
  byName(
    { detector: "ibm-cloudant-password", about: "IBM Cloudant password" },
    ["cloudant", "clou_"],
    "(?:[0-9a-f]{64}|[a-z]{24})",
  ),
  anywhere(
    { detector: "databricks-token", about: "Databricks token" },
    ["dapi", "dkea", "ddapi"],
    "[0-9A-Fa-f]{32}(?:-[0-9]{1,2})?",
  ),
  anywhere(
    { detector: "datastax-token", about: "DataStax Astra token" },
    ["AstraCS:"],
    "[A-Za-z]{24}:[0-9a-f]{64}",
  ),
  byBeginning(
    { detector: "defined-networking-token", about: "Defined Networking API key" },
    ["dnkey-"],
    "[A-Za-z0-9=_-]{26}-[A-Za-z0-9=_-]{52}",
  ),
  byBeginning(
    { detector: "digitalocean-token", about: "DigitalOcean personal, OAuth or refresh token" },
    ["dop_v1_", "doo_v1_", "dor_v1_"],
    "[0-9a-f]{64}",
  ),
  byBeginning(
    { detector: "digitalocean-spaces-key", about: "DigitalOcean Spaces access key" },
    ["DO00", "DO80"],
    "[A-Z0-9]{16}",
  ),
  byName(
    { detector: "fastly-token", about: "Fastly API token", accept: real },
    ["fastly"],
    "[A-Za-z0-9=_-]{32}",
  ),
  byBeginning(
    { detector: "fly-token", about: "Fly.io access token" },
    ["fo1_"],
    "[A-Za-z0-9_-]{43}",
  ),
  {
    detector: "fly-token",
    about: "Fly.io macaroons",
    keywords: ["fm1r_", "fm1a_", "fm2_"],
    exact: true,
    pattern: `${notBehind("A-Za-z0-9+/_")}fm(?:1[ar]|2)_[A-Za-z0-9+/=,_]{80,7000}`,
  },
  {
    detector: "terraform-token",
    about: "HCP Terraform API token",
    keywords: [".atlasv1."],
    before: 15,
    pattern: `${begins}[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9=_-]{60,72}${ends}`,
  },
  {
    detector: "terraform-password",
    about: "password in a Terraform resource",
    keywords: ["administrator_login_password", "admin_password", "master_password"],
    pattern:
      '(?:administrator_login|admin|master)_password[ \\t]{0,24}=[ \\t]{0,8}"(?<secret>[^"\\s$]{8,64})"',
    accept: real,
  },
  anywhere(
    { detector: "vault-token", about: "HashiCorp Vault service, batch or recovery token" },
    ["hvs.", "hvb.", "hvr."],
    "[A-Za-z0-9_-]{24,400}",
  ),
  {
    detector: "vault-token",
    about: "HashiCorp Vault token as it was until 2022",
    keywords: ["token", "vault", "secret"],
    anyCase: true,
    pattern: `(?:token|vault\\w{0,16}|secret)["'\\s:=]{1,9}(?<secret>[sbr]\\.[A-Za-z0-9_-]{24,100})${notBefore("A-Za-z0-9_(.-")}`,
    accept: (token) => /[A-Z]/.test(token) && entropyOf(token) > 3.5 && real(token.slice(2)),
  },
  {
    detector: "vault-token",
    about: "HashiCorp Vault token as it was until 2022, by itself",
    keywords: [..."sbr"].flatMap((kind) =>
      ['"', "`", "=", "='", ": '"].map((before) => `${before}${kind}.`),
    ),
    exact: true,
    pattern: `(?:["\`=]|='|: ')(?<secret>[sbr]\\.[A-Za-z0-9]{24})${notBefore("A-Za-z0-9_(.-")}`,
    accept: (token) =>
      /\d.{0,20}\d/.test(token) && /[A-Z]/.test(token) && /[a-z]/.test(token.slice(2)),
  },
  {
    detector: "vault-unseal-key",
    about: "HashiCorp Vault unseal key",
    keywords: ["unseal key", "unseal_key", "recovery key"],
    anyCase: true,
    pattern: `(?:unseal|recovery)[ _]key[ _]?[0-9]{0,2}["']?[ \\t]{0,3}[:=][ \\t"']{0,4}(?<secret>[A-Za-z0-9+/]{43,64}={0,2})${notBefore("A-Za-z0-9+/=")}`,
  },
  byName({ detector: "heroku-key", about: "Heroku API key", accept: written }, ["heroku"], uuid),
  byBeginning(
    { detector: "heroku-key", about: "Heroku API key with its beginning" },
    ["HRKU-"],
    `(?:AA[A-Za-z0-9_-]{58}|${uuid})`,
  ),
  {
    ...byName(
      { detector: "ibm-cloud-key", about: "IBM Cloud API key" },
      ["ibm", "cloud", "iam"],
      "[A-Za-z0-9_-]{44}",
    ),
    pattern: assigned(
      "(?:ibm|cloud|iam)[\\w-]{0,24}(?:key|pwd|password|pass|token)",
      "[A-Za-z0-9_-]{44}",
    ),
    accept: (key) => mixed(key) && /[A-Z]/.test(key) && entropyOf(key) > 3,
  },
  {
    ...byName(
      { detector: "ibm-storage-key", about: "HMAC secret of IBM Cloud Object Storage" },
      ["cos_", "cos-", "coshmac", "ibmcos", "secret_access_key", "secret_key"],
      "[0-9a-f]{48}",
    ),
    pattern: assigned("(?:cos|secret)[\\w-]{0,24}key", "[0-9a-f]{48}"),
  },
  byName(
    { detector: "ibm-softlayer-key", about: "IBM SoftLayer API key" },
    ["softlayer", "sl_api", "sl-api", "slapi", "sl_key", "sl_pass", "sl-pass"],
    "[0-9a-f]{64}",
  ),
  {
    detector: "ibm-softlayer-key",
    about: "IBM SoftLayer API key in an address",
    keywords: ["api.softlayer.com"],
    pattern: "api\\.softlayer\\.com/[\\w./-]{1,40}/(?<secret>[0-9a-f]{64})",
  },
];
