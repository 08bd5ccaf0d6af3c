/** Tokens of databases, warehouses and content stores are found. */
import { dataPlatformRules } from "../../../../src/daemon/masking/rules/data-platforms.js";
import { invented } from "../../../support/invented.js";
import { testRules } from "../../../support/rule-cases.js";

const { hex, lower, mixed } = invented;

testRules(dataPlatformRules, {
  found: [
    ["mongodb-atlas-secret", `mdb_sa_${"sk_"}${mixed(40)}`, "§"],
    ["planetscale-token", `pscale_${"tkn_"}${mixed(43)}`, "§"],
    ["planetscale-token", `pscale_${"pw_"}${mixed(43)}`, "§"],
    ["planetscale-token", `pscale_${"oauth_"}${mixed(32)}`, "§"],
    ["neon-api-key", `napi_${lower(64)}`, "§"],
    ["supabase-key", `sb_${"secret_"}${mixed(31)}`, "§"],
    ["supabase-key", `sbp_${hex(40)}`, "SUPABASE_ACCESS_TOKEN=§"],
    ["looker-client-id", lower(20), "looker_client_id: §"],
    ["looker-client-secret", lower(24), "LOOKER_CLIENT_SECRET=§"],
    ["upstash-token", mixed(60), "UPSTASH_REDIS_REST_TOKEN=§"],
    ["strapi-token", hex(256), "STRAPI_TOKEN=§"],
    ["minio-secret-key", mixed(40), "MINIO_SECRET_KEY=§"],
  ],
  none: [
    "pscale_tkn_",
    "an onlooker is a looker",
    "minio_secret_key: changeme_changeme_changeme",
    "npg_connect()",
  ],
});
