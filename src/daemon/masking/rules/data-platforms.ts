/**
 * Data platforms: passwords and tokens of databases, queues, warehouses and
 * content stores that others run, from K to Z in the alphabet.
 */
import { isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { byBeginning, byName, mixed } from "./by-shape.js";
import { uuid } from "./shapes.js";

const jwt = "eyJ[A-Za-z0-9_-]{16,512}\\.[A-Za-z0-9_-]{16,1024}\\.[A-Za-z0-9_-]{16,1024}";

export const dataPlatformRules: readonly Rule[] = [
  byBeginning(
    { detector: "mongodb-atlas-secret", about: "MongoDB Atlas service account secret" },
    ["mdb_sa_sk_"],
    "[A-Za-z0-9_-]{40,60}",
  ),
  byName(
    { detector: "mongodb-atlas-key", about: "MongoDB Atlas private key" },
    ["mongodb_atlas", "atlas_private", "mongodbatlas", "mcli_private"],
    uuid,
  ),
  byBeginning(
    { detector: "planetscale-token", about: "PlanetScale token or password" },
    ["pscale_tkn_", "pscale_oauth_", "pscale_pw_", "pscale_otkn_"],
    "[A-Za-z0-9_.=-]{24,72}",
  ),
  byBeginning({ detector: "neon-api-key", about: "Neon key" }, ["napi_"], "[a-z0-9]{40,80}"),
  byBeginning(
    { detector: "neon-password", about: "Neon database password" },
    ["npg_"],
    "[A-Za-z0-9]{10,24}",
  ),
  byBeginning(
    { detector: "supabase-key", about: "Supabase token or secret key" },
    ["sbp_", "sb_secret_", "sb_publishable_"],
    "(?:oauth_)?[A-Za-z0-9_-]{28,64}",
  ),
  byName(
    { detector: "supabase-key", about: "Supabase service or anonymous key" },
    ["supabase"],
    jwt,
  ),
  byName({ detector: "turso-token", about: "Turso or libSQL token" }, ["turso", "libsql"], jwt),
  byName(
    { detector: "upstash-token", about: "Upstash token", accept: mixed },
    ["upstash"],
    "(?:[a-z0-9]{40,80}={0,2}|[a-z0-9+/=_-]{56,180})",
  ),
  byBeginning(
    { detector: "tinybird-token", about: "Tinybird token" },
    ["p.eyJ"],
    "[A-Za-z0-9_-]{40,300}\\.[A-Za-z0-9_-]{40,64}",
  ),
  byBeginning({ detector: "xata-api-key", about: "Xata key" }, ["xau_"], "[A-Za-z0-9]{32,48}"),
  byName({ detector: "motherduck-token", about: "MotherDuck token" }, ["motherduck"], jwt),
  byName(
    { detector: "singlestore-api-key", about: "SingleStore key" },
    ["singlestore"],
    "[0-9a-f]{64}",
  ),
  byName(
    {
      detector: "snowflake-password",
      about: "Snowflake password",
      accept: (secret) => mixed(secret) && !isPlaceholder(secret),
    },
    ["snowflake_pass", "snowflake_pwd", "snowflakepass", "snowsql_pwd"],
    "[^\\s\"'`]{8,64}",
  ),
  byName(
    { detector: "timescale-secret", about: "Timescale Cloud key", accept: mixed },
    ["timescale"],
    "[a-z0-9]{64}",
  ),
  byName(
    { detector: "redis-cloud-key", about: "Redis Cloud key", accept: mixed },
    ["rediscloud", "redis_cloud", "redislabs"],
    "[a-z0-9]{40,60}",
  ),
  byName(
    { detector: "looker-client-id", about: "Looker client id", accept: mixed },
    ["looker"],
    "[a-z0-9]{20}",
  ),
  byName(
    { detector: "looker-client-secret", about: "Looker client secret", accept: mixed },
    ["looker"],
    "[a-z0-9]{24}",
  ),
  byName(
    { detector: "metabase-session", about: "Metabase session or key" },
    ["metabase"],
    `(?:mb_[a-z0-9+/=]{40,64}|${uuid})`,
  ),
  byName(
    { detector: "superset-secret", about: "Preset or Superset secret", accept: mixed },
    ["preset_api", "superset_secret"],
    "[a-z0-9_-]{32,64}",
  ),
  byBeginning(
    { detector: "sanity-token", about: "Sanity token" },
    ["skE", "skP", "skS"],
    "[A-Za-z0-9]{77,190}",
  ),
  byName(
    { detector: "sanity-token", about: "Sanity token", accept: mixed },
    ["sanity_"],
    "sk[a-z0-9]{80,190}",
  ),
  byName(
    { detector: "storyblok-token", about: "Storyblok token", accept: mixed },
    ["storyblok"],
    "[a-z0-9]{24}",
  ),
  byName(
    { detector: "prismic-token", about: "Prismic token", accept: mixed },
    ["prismic"],
    "(?:mc[a-z0-9]{1,6}\\.)?[a-z0-9_.-]{60,220}",
  ),
  byName({ detector: "strapi-token", about: "Strapi token" }, ["strapi"], "[0-9a-f]{256}"),
  byName({ detector: "webflow-token", about: "Webflow token" }, ["webflow"], "[0-9a-f]{64}"),
  byName(
    { detector: "redpanda-key", about: "Redpanda or Warpstream key", accept: mixed },
    ["redpanda", "warpstream"],
    "[a-z0-9_-]{32,80}",
  ),
  byName(
    { detector: "cloudamqp-password", about: "RabbitMQ password of CloudAMQP", accept: mixed },
    ["cloudamqp"],
    "[a-z0-9_-]{32}",
  ),
  byName(
    { detector: "meilisearch-key", about: "Meilisearch key", accept: mixed },
    ["meili"],
    "[a-z0-9_-]{32,64}",
  ),
  byName(
    { detector: "typesense-key", about: "Typesense key", accept: mixed },
    ["typesense"],
    "[a-z0-9]{32,64}",
  ),
  byName(
    { detector: "rockset-api-key", about: "Rockset key", accept: mixed },
    ["rockset"],
    "[a-z0-9]{64}",
  ),
  byName(
    { detector: "rudderstack-key", about: "RudderStack key", accept: mixed },
    ["rudderstack", "rudder_"],
    "[a-z0-9]{27}",
  ),
  byName(
    { detector: "uploadcare-secret", about: "Uploadcare secret" },
    ["uploadcare"],
    "[0-9a-f]{20}",
  ),
  byName(
    { detector: "uploadthing-secret", about: "UploadThing secret", accept: mixed },
    ["uploadthing"],
    "(?:sk_live_[0-9a-f]{64}|eyJ[a-z0-9+/=]{60,300})",
  ),
  byName(
    { detector: "wasabi-secret-key", about: "Wasabi secret key", accept: mixed },
    ["wasabi"],
    "[a-z0-9+/]{40}",
  ),
  byName(
    {
      detector: "minio-secret-key",
      about: "MinIO key",
      accept: (secret) => mixed(secret) && !isPlaceholder(secret),
    },
    ["minio"],
    "[a-z0-9+/]{20,40}",
  ),
];
