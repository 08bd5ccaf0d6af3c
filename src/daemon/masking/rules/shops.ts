/**
 * Shops and customers: keys of shop systems, customer records, support desks
 * and forms, from K to Z in the alphabet.
 */
import type { Rule } from "../engine/rule.js";
import { byBeginning, byName, joined, mixed } from "./by-shape.js";
import { uuid } from "./shapes.js";

export const shopRules: readonly Rule[] = [
  byBeginning(
    { detector: "shopify-token", about: "Shopify access token or shared secret" },
    ["shpat_", "shpca_", "shppa_", "shpss_", "shpua_", "shptka_", "shprt_", "shpit_", "shpsb_"],
    "[A-Za-z0-9]{28,64}",
  ),
  byName(
    { detector: "shopify-token", about: "Shopify key or secret of old" },
    ["shopify"],
    "[0-9a-f]{32}",
  ),
  byName({ detector: "squarespace-access-token", about: "Squarespace key" }, ["squarespace"], uuid),
  byBeginning(
    { detector: "salesforce-access-token", about: "Salesforce session or access token" },
    ["00D"],
    "[A-Za-z0-9]{12}(?:[A-Z]{3})?![A-Za-z0-9._]{60,160}",
  ),
  byBeginning(
    { detector: "salesforce-refresh-token", about: "Salesforce refresh token" },
    ["5Aep861"],
    "[A-Za-z0-9._]{60,120}",
  ),
  byBeginning(
    { detector: "salesforce-consumer-key", about: "Salesforce connected app's key" },
    ["3MVG9"],
    "[A-Za-z0-9._]{60,120}",
  ),
  byName(
    {
      detector: "salesforce-consumer-secret",
      about: "Salesforce secret or security token",
      accept: mixed,
    },
    ["salesforce", "sfdc", "sf_consumer", "sf_client_secret", "sf_security"],
    "(?:[0-9a-f]{64}|[0-9]{18,20}|[a-z0-9]{24,25})",
  ),
  byName(
    { detector: "zendesk-secret-key", about: "Zendesk secret or token", accept: mixed },
    ["zendesk"],
    "[a-z0-9]{40}",
  ),
  byName(
    { detector: "zendesk-secret-key", about: "Zendesk OAuth secret" },
    ["zendesk"],
    "[0-9a-f]{64}",
  ),
  byName(
    { detector: "zoho-token", about: "Zoho token" },
    ["zoho"],
    "1000\\.[a-z0-9]{30,40}(?:\\.[0-9a-f]{32})?",
  ),
  byName({ detector: "zoho-client-secret", about: "Zoho client secret" }, ["zoho"], "[0-9a-f]{42}"),
  byBeginning(
    { detector: "zoho-token", about: "Zoho token" },
    ["1000."],
    "(?<secret>[0-9a-f]{32}\\.[0-9a-f]{32})",
  ),
  byName(
    { detector: "pipedrive-api-token", about: "Pipedrive token" },
    ["pipedrive"],
    "[0-9a-f]{40}",
  ),
  byBeginning(
    { detector: "typeform-token", about: "Typeform token" },
    ["tfp_"],
    "[A-Za-z0-9_.=-]{40,70}",
  ),
  byName(
    { detector: "woocommerce-key", about: "WooCommerce key or secret" },
    ["woocommerce", "woo_", "wc_"],
    "c[ks]_[0-9a-f]{40}",
  ),
  byBeginning(
    { detector: "woocommerce-key", about: "WooCommerce key or secret" },
    ["ck_", "cs_"],
    "[0-9a-f]{40}",
  ),
  byName(
    { detector: "magento-token", about: "Magento (Adobe Commerce) token", accept: mixed },
    ["magento"],
    "[a-z0-9]{32}",
  ),
  byName(
    { detector: "prestashop-key", about: "PrestaShop webservice key", accept: mixed },
    ["prestashop"],
    "[a-z0-9]{32}",
  ),
  byName(
    { detector: "wix-api-key", about: "Wix key" },
    ["wix_", "wixapi", "wix-"],
    "IST\\.[a-z0-9_-]{20,1024}\\.[a-z0-9_-]{20,2048}\\.[a-z0-9_-]{20,1024}",
  ),
  byName(
    { detector: "printful-token", about: "Printful token", accept: mixed },
    ["printful"],
    "[a-z0-9]{40}",
  ),
  byName(
    { detector: "shipstation-key", about: "ShipStation or ShipEngine key", accept: mixed },
    ["shipstation", "shipengine"],
    "(?:test_)?[a-z0-9+/]{32,43}",
  ),
  byName(
    { detector: "tiktok-secret", about: "TikTok secret", accept: mixed },
    ["tiktok"],
    "[a-z0-9]{32,40}",
  ),
  byName(
    { detector: "segment-write-key", about: "Segment write key", accept: mixed },
    ["segment_", "segment.", "segmentwrite", "segment-"],
    "[a-z0-9]{32}",
  ),
  byBeginning(
    { detector: "segment-api-token", about: "Segment public API token" },
    ["sgp_"],
    "[A-Za-z0-9]{64}",
  ),
  byName(
    { detector: "rapidapi-key", about: "RapidAPI key", accept: mixed },
    ["rapidapi", "rapid_api", "rapid-api"],
    "[a-z0-9_-]{50}",
  ),
  byName(
    { detector: "surveymonkey-token", about: "SurveyMonkey token", accept: mixed },
    joined("survey", "monkey"),
    "[a-z0-9._-]{72,128}",
  ),
  byName({ detector: "pandadoc-api-key", about: "PandaDoc key" }, ["pandadoc"], "[0-9a-f]{40}"),
  byName(
    { detector: "outreach-secret", about: "Outreach secret", accept: mixed },
    ["outreach_"],
    "[a-z0-9_-]{43}",
  ),
  byName(
    { detector: "yotpo-secret", about: "Yotpo secret", accept: mixed },
    ["yotpo"],
    "[a-z0-9]{40}",
  ),
  byName(
    { detector: "zuora-client-secret", about: "Zuora client secret", accept: mixed },
    ["zuora"],
    "[a-z0-9+/=]{32,48}",
  ),
];
