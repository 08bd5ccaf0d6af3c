/** Tokens of clouds and platforms are found. */
import { hostingRules } from "../../../../src/daemon/masking/rules/hosting.js";
import { invented } from "../../../support/invented.js";
import { testRules } from "../../../support/rule-cases.js";

const { hex, lower, mixed, uuid } = invented;

testRules(hostingRules, {
  found: [
    ["netlify-token", `nfp_${mixed(36)}`, "§"],
    ["netlify-token", mixed(43), "NETLIFY_AUTH_TOKEN=§"],
    ["vercel-token", `vcp_${mixed(40)}`, "§"],
    ["vercel-token", mixed(24), "VERCEL_TOKEN=§"],
    ["openshift-token", mixed(43), "oc login --token=sha256~§"],
    ["pulumi-token", `pul-${hex(40)}`, "§"],
    ["prefect-api-key", `pnu_${lower(36)}`, "§"],
    ["scalingo-token", `tk-us-${mixed(48)}`, "§"],
    ["softlayer-api-key", lower(64), "http://api.softlayer.com/soap/v3/§"],
    ["softlayer-api-key", lower(64), "sl_key = §"],
    ["yandex-iam-token", `t1.${mixed(30)}.${mixed(86)}`, "§"],
    ["yandex-api-key", `AQVN${mixed(36)}`, "§"],
    ["yandex-access-key", `YCA${mixed(37)}`, "§"],
    ["rancher-token", `${lower(5)}:${lower(54)}`, "token-§"],
    ["railway-token", uuid(), "RAILWAY_TOKEN=§"],
    ["ngrok-token", `${mixed(27)}_${mixed(21)}`, "ngrok_token: §"],
  ],
  none: [
    `sha256:${hex(64)}`,
    "the railway to Vercel and the render of a page",
    "t1.join(t2).where(t1.id)",
    "vercel.json has no secrets",
  ],
});
