/**
 * Hosting: tokens of clouds, platforms and clusters that run programs, from K
 * to Z in the alphabet.
 */
import { ends } from "../engine/edges.js";
import type { Rule } from "../engine/rule.js";
import { byBeginning, byName, joined, mixed } from "./by-shape.js";
import { uuid } from "./shapes.js";

export const hostingRules: readonly Rule[] = [
  byBeginning(
    { detector: "netlify-token", about: "Netlify token" },
    ["nfp_", "nfc_", "nfo_", "nfu_", "nfb_"],
    "[A-Za-z0-9]{36,40}",
  ),
  byName(
    { detector: "netlify-token", about: "Netlify token of old", accept: mixed },
    ["netlify"],
    "[a-z0-9=_-]{40,46}",
  ),
  byBeginning(
    { detector: "vercel-token", about: "Vercel token of a user, app, integration or gateway" },
    ["vcp_", "vci_", "vca_", "vcr_", "vck_"],
    "[A-Za-z0-9]{24,80}",
  ),
  byBeginning(
    { detector: "vercel-blob-token", about: "Vercel Blob token" },
    ["vercel_blob_rw_"],
    "[A-Za-z0-9]{16}_[A-Za-z0-9]{30,40}",
  ),
  byName(
    { detector: "vercel-token", about: "Vercel token of old", accept: mixed },
    ["vercel", "zeit_token"],
    "[a-z0-9]{24}",
  ),
  byBeginning(
    { detector: "openshift-token", about: "OpenShift user token" },
    ["sha256~"],
    "(?<secret>[A-Za-z0-9_-]{43})",
  ),
  byBeginning({ detector: "pulumi-token", about: "Pulumi token" }, ["pul-"], "[0-9a-f]{40}"),
  byBeginning(
    { detector: "prefect-api-key", about: "Prefect key" },
    ["pnu_", "pnb_", "pni_"],
    "[A-Za-z0-9]{36}",
  ),
  byBeginning(
    { detector: "scalingo-token", about: "Scalingo token" },
    ["tk-us-"],
    "[A-Za-z0-9_-]{48}",
  ),
  byBeginning(
    { detector: "render-api-key", about: "Render key", accept: mixed },
    ["rnd_"],
    "[A-Za-z0-9]{20,48}",
  ),
  byName({ detector: "railway-token", about: "Railway token" }, ["railway"], uuid),
  byName(
    { detector: "koyeb-token", about: "Koyeb token", accept: mixed },
    ["koyeb"],
    "[a-z0-9]{64}",
  ),
  byName(
    { detector: "northflank-token", about: "Northflank token" },
    ["northflank"],
    "nf-eyJ[a-z0-9_.-]{64,1024}",
  ),
  byName(
    { detector: "zeabur-token", about: "Zeabur token", accept: mixed },
    ["zeabur"],
    "sk-[a-z0-9]{24,40}",
  ),
  byName(
    { detector: "platformsh-token", about: "Platform.sh or Upsun token", accept: mixed },
    ["platformsh", "upsun"],
    "[a-z0-9_-]{43}",
  ),
  byName({ detector: "linode-token", about: "Linode token" }, ["linode"], "[0-9a-f]{64}"),
  byName({ detector: "vultr-api-key", about: "Vultr key" }, ["vultr"], "[a-z0-9]{36}"),
  byName(
    { detector: "ovh-key", about: "OVH application secret or consumer key", accept: mixed },
    ["ovh_", "ovh-", "ovh."],
    "(?:[0-9a-f]{32}|[a-z0-9]{32})",
  ),
  byName(
    { detector: "scaleway-secret-key", about: "Scaleway secret key" },
    ["scaleway", "scw_"],
    uuid,
  ),
  byBeginning(
    { detector: "scaleway-access-key", about: "Scaleway access key" },
    ["SCW"],
    "[A-Z0-9]{17}",
  ),
  byName(
    { detector: "oracle-cloud-token", about: "Oracle Cloud auth token", accept: mixed },
    ["oci_auth", "oci_token", "ocir"],
    "[a-z0-9}{;:#()<>_-]{20}",
  ),
  byName(
    { detector: "softlayer-api-key", about: "SoftLayer key", accept: mixed },
    ["softlayer", "sl_api", "sl-api", "slapi", "sl_key", "sl_pass", "sl_token", "sl_secret"],
    "[a-z0-9]{64}",
  ),
  {
    detector: "softlayer-api-key",
    about: "SoftLayer key in an address of its API",
    keywords: ["softlayer.com"],
    anyCase: true,
    pattern: `softlayer\\.com/(?:soap|xmlrpc|rest)/v3(?:\\.1)?/(?<secret>[a-z0-9]{64})${ends}`,
  },
  byBeginning(
    { detector: "yandex-iam-token", about: "Yandex Cloud IAM token" },
    ["t1."],
    "[A-Za-z0-9_-]{1,400}={0,2}\\.[A-Za-z0-9_-]{86}={0,2}",
  ),
  byBeginning(
    { detector: "yandex-api-key", about: "Yandex Cloud API key" },
    ["AQVN"],
    "[A-Za-z0-9_-]{35,38}",
  ),
  byName(
    { detector: "yandex-access-key", about: "Yandex Cloud static key" },
    ["yandex", "yc_"],
    "YC[a-z0-9_-]{38}",
  ),
  byBeginning(
    { detector: "yandex-access-key", about: "Yandex Cloud static key" },
    ["YCA", "YCM", "YCN", "YCO", "YCP"],
    "[A-Za-z0-9_-]{37}",
  ),
  byBeginning(
    { detector: "yandex-oauth-token", about: "Yandex OAuth token" },
    ["y0_"],
    "[A-Za-z0-9_-]{39,70}",
  ),
  byName(
    { detector: "yandex-oauth-token", about: "Yandex OAuth token of old" },
    ["yandex"],
    "AQ[a-z0-9_-]{37}",
  ),
  byBeginning(
    { detector: "rancher-token", about: "Rancher token" },
    ["token-"],
    "(?<secret>[a-z0-9]{5}:[a-z0-9]{54})",
  ),
  byBeginning(
    { detector: "replit-token", about: "Replit deploy token" },
    ["replit_"],
    "[A-Za-z0-9]{32,64}",
  ),
  byBeginning(
    { detector: "temporal-api-key", about: "Temporal Cloud key" },
    ["tmprl_"],
    "[A-Za-z0-9_.-]{32,256}",
  ),
  byName(
    { detector: "temporal-api-key", about: "Temporal Cloud key" },
    ["temporal"],
    "eyJ[a-z0-9_-]{16,512}\\.[a-z0-9_-]{16,1024}\\.[a-z0-9_-]{16,1024}",
  ),
  byName(
    { detector: "pythonanywhere-token", about: "PythonAnywhere token" },
    ["pythonanywhere"],
    "[0-9a-f]{40}",
  ),
  byName(
    { detector: "kong-token", about: "Kong Konnect token", accept: mixed },
    ["kong_", "konnect"],
    "(?:kpat|spat)_[a-z0-9]{32,80}",
  ),
  byBeginning(
    { detector: "kong-token", about: "Kong Konnect token" },
    ["kpat_", "spat_"],
    "[A-Za-z0-9]{40,80}",
  ),
  byName(
    { detector: "ngrok-token", about: "ngrok token or key", accept: mixed },
    ["ngrok"],
    "(?:cr_)?[a-z0-9]{25,32}_[a-z0-9]{20,24}",
  ),
  byBeginning(
    { detector: "spacelift-token", about: "Spacelift key" },
    ["spacelift_"],
    "(?<secret>[A-Za-z0-9_-]{32,128})",
  ),
  byName({ detector: "spot-token", about: "Spot token" }, ["spotinst"], "[0-9a-f]{64}"),
  byName(
    { detector: "zerotier-token", about: "ZeroTier token", accept: mixed },
    ["zerotier"],
    "[a-z0-9]{32}",
  ),
  byName(
    { detector: "speakeasy-api-key", about: "Speakeasy key", accept: mixed },
    joined("speakeasy", "api"),
    "[a-z0-9_-]{32,64}",
  ),
];
