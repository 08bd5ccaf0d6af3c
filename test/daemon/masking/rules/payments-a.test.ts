/** What moves money is found by its beginnings or beside its names. */
import { expect, test } from "vitest";
import { paymentRulesA } from "../../../../src/daemon/masking/rules/payments-a.js";
import { invented } from "../../../support/invented.js";
import { matchesOf } from "../../../support/rule-matches.js";

const { hex, lower, mixed } = invented;

test.each([
  ["bittrex-key", `BITTREX_KEY=${hex(32)}`, hex(32)],
  [
    "braintree-token",
    `access_${"token$production$"}${lower(16)}$${hex(32)}`,
    `${"token$production$"}${lower(16)}$${hex(32)}`,
  ],
  ["coinbase-token", `coinbase_secret: "${mixed(64)}"`, mixed(64)],
  ["duffel-token", `duffel${"_live_"}${mixed(43)}`, `duffel${"_live_"}${mixed(43)}`],
  ["easypost-key", `EZ${"AK"}${mixed(54)}`, `EZ${"AK"}${mixed(54)}`],
  ["easypost-key", `EZ${"TK"}${mixed(54)}`, `EZ${"TK"}${mixed(54)}`],
  ["etsy-token", `etsyToken := "${lower(24)}"`, lower(24)],
  ["finicity-token", `finicity_token=${hex(32)}`, hex(32)],
  ["finicity-secret", `finicity_secret=${lower(20)}`, lower(20)],
  ["finnhub-token", `FINNHUB_API_KEY=${lower(20)}`, lower(20)],
  ["flutterwave-key", `FLW${"SECK_TEST-"}${hex(32)}-X`, `FLW${"SECK_TEST-"}${hex(32)}-X`],
  ["flutterwave-key", `FLW${"SECK_TEST-"}${hex(12)}`, `FLW${"SECK_TEST-"}${hex(12)}`],
  ["freshbooks-token", `freshbooks_token=${hex(64)}`, hex(64)],
  ["gocardless-token", `gocardless_token: live_${mixed(40)}`, `live_${mixed(40)}`],
  ["infura-key", `https://mainnet.infura.io/v3/${hex(32)}`, hex(32)],
])("%s: %s", (detector, text, secret) => {
  const found = matchesOf(paymentRulesA, text);

  expect(found.map((finding) => finding.detector)).toContain(detector);
  expect(found.map(({ start, end }) => text.slice(start, end))).toContain(secret);
});

test.each([
  "etsy sells what people make",
  "coinbase: <your-api-key>",
  "EZAKnothinglikeakey",
  "finnhub = get_client_of_finnhub()",
])("is none: %s", (text) => {
  expect(matchesOf(paymentRulesA, text)).toEqual([]);
});
