/**
 * Payments and money, Adyen to GoCardless: what moves money, tells of accounts
 * and markets, and sends parcels.
 */
import { ends, notBehind } from "../engine/edges.js";
import { isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { anywhere, written } from "./anywhere.js";
import { byBeginning, byName } from "./by-shape.js";
import { assigned } from "./shapes.js";

const real = (secret: string) => !isPlaceholder(secret);

export const paymentRulesA: readonly Rule[] = [
  {
    detector: "adyen-key",
    about: "Adyen API key",
    keywords: ["AQE"],
    exact: true,
    pattern: `${notBehind("A-Za-z0-9+/")}AQE[a-z]hm[A-Za-z0-9+/]{60,160}-[A-Za-z0-9+/=]{40,60}-[A-Za-z0-9(){}\\[\\],.;:<>^&@#!?~|*=+-]{12,20}`,
  },
  anywhere(
    { detector: "asaas-key", about: "Asaas API key" },
    ["$aact_"],
    "(?:prod_|hmlg_)?[A-Za-z0-9+/=:]{60,300}",
  ),
  byName(
    { detector: "bittrex-key", about: "Bittrex API key or secret", accept: real },
    ["bittrex"],
    "[A-Za-z0-9]{32}",
  ),
  {
    detector: "braintree-token",
    about: "Braintree access token, after its first word",
    keywords: ["access_token$"],
    pattern: "access_(?<secret>token\\$(?:production|sandbox)\\$[a-z0-9]{16}\\$[0-9a-f]{32})",
  },
  byName(
    { detector: "coinbase-token", about: "Coinbase API key or secret", accept: real },
    ["coinbase"],
    "[A-Za-z0-9_-]{64}",
  ),
  anywhere(
    { detector: "duffel-token", about: "Duffel access token" },
    ["duffel_test_", "duffel_live_"],
    "[A-Za-z0-9=_-]{43}",
  ),
  byBeginning(
    {
      detector: "easypost-key",
      about: "EasyPost API key, production or test",
      accept: (key) => /\d/.test(key),
    },
    ["EZAK", "EZTK"],
    "[A-Za-z0-9]{54}",
  ),
  byName(
    {
      detector: "etsy-token",
      about: "Etsy API key or token",
      accept: (token) => real(token) && /\d/.test(token),
    },
    ["etsy"],
    "[a-z0-9]{24}",
  ),
  byName(
    { detector: "finicity-token", about: "Finicity app token", accept: real },
    ["finicity"],
    "[0-9a-f]{32}",
  ),
  byName(
    { detector: "finicity-secret", about: "Finicity partner secret", accept: real },
    ["finicity"],
    "[a-z0-9]{20}",
  ),
  byName(
    { detector: "finnhub-token", about: "Finnhub API key", accept: real },
    ["finnhub"],
    "[a-z0-9]{20}",
  ),
  anywhere(
    { detector: "flutterwave-key", about: "Flutterwave public or secret key", accept: written },
    ["FLWPUBK_TEST-", "FLWSECK_TEST-", "FLWPUBK-", "FLWSECK-"],
    "[A-Za-z0-9]{32}-X",
  ),
  anywhere(
    { detector: "flutterwave-key", about: "Flutterwave encryption key" },
    ["FLWSECK_TEST", "FLWSECK"],
    "-?[A-Za-z0-9]{12}",
  ),
  byName(
    { detector: "freshbooks-token", about: "FreshBooks access token", accept: real },
    ["freshbooks"],
    "[A-Za-z0-9]{64}",
  ),
  {
    ...byName(
      { detector: "gocardless-token", about: "GoCardless access token" },
      ["gocardless"],
      "(?:live|sandbox)_[A-Za-z0-9=_-]{40}",
    ),
  },
  byBeginning(
    { detector: "gocardless-token", about: "GoCardless access token beside its name" },
    ["GC_ACCESS_TOKEN="],
    "(?:live|sandbox)_[A-Za-z0-9=_-]{40}",
  ),
  {
    detector: "alphavantage-key",
    about: "Alpha Vantage API key",
    keywords: ["alphavantage", "alpha_vantage"],
    anyCase: true,
    pattern: assigned("alpha_?vantage[\\w.-]{0,24}key", "[A-Z0-9]{16}"),
    accept: (key) => real(key) && /\d/.test(key),
  },
  byName(
    {
      detector: "alchemy-key",
      about: "Alchemy API key",
      accept: (key) => real(key) && /\d/.test(key),
    },
    ["alchemy"],
    "[A-Za-z0-9_-]{32}",
  ),
  byName(
    { detector: "infura-key", about: "Infura project ID or secret", accept: real },
    ["infura"],
    "[0-9a-f]{32}",
  ),
  {
    detector: "infura-key",
    about: "Infura or Alchemy endpoint with its key",
    keywords: [".infura.io/v3/", ".alchemy.com/v2/", ".alchemyapi.io/v2/"],
    pattern: `\\.(?:infura\\.io/v3|alchemy(?:api)?\\.(?:com|io)/v2)/(?<secret>[A-Za-z0-9_-]{32})${ends}`,
    accept: real,
  },
];
