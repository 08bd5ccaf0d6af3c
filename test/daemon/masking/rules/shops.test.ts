/** Keys of shops, customer records and support desks are found. */
import { shopRules } from "../../../../src/daemon/masking/rules/shops.js";
import { invented } from "../../../support/invented.js";
import { testRules } from "../../../support/rule-cases.js";

const { hex, lower, mixed, uuid } = invented;

testRules(shopRules, {
  found: [
    ["shopify-token", `shp${"at_"}${hex(32)}`, "X-Shopify-Access-Token: §"],
    ["shopify-token", `shp${"ss_"}${mixed(32)}`, "§"],
    ["squarespace-access-token", uuid(), "squarespace_token: §"],
    ["salesforce-access-token", `00D${mixed(12)}!${mixed(96)}`, "Access Token  §"],
    ["zendesk-secret-key", lower(40), "ZENDESK_SECRET=§"],
    ["typeform-token", `tfp_${mixed(59)}`, "§"],
    ["woocommerce-key", `ck_${hex(40)}`, "consumer_key=§"],
    ["segment-api-token", `sgp_${mixed(64)}`, "§"],
    ["rapidapi-key", mixed(50), "x-rapidapi-key: §"],
    ["zoho-token", `${hex(32)}.${hex(32)}`, "1000.§"],
  ],
  none: [
    "shpat_yours",
    "a segment of the market, a zendesk ticket",
    "00D is hex for 13",
    "shopify_theme = dawn",
  ],
});
