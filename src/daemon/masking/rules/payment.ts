/**
 * Payment: keys that move money — payment providers, banks, exchanges, market
 * data — from K to Z in the alphabet.
 */
import type { Rule } from "../engine/rule.js";
import { byBeginning, byName, joined, mixed } from "./by-shape.js";
import { uuid } from "./shapes.js";

export const paymentRules: readonly Rule[] = [
  byBeginning(
    { detector: "stripe-secret-key", about: "Stripe secret or restricted key" },
    ["sk_live_", "sk_test_", "sk_prod_", "sk_org_", "rk_live_", "rk_test_", "rk_prod_"],
    "[A-Za-z0-9_-]{10,256}",
  ),
  byBeginning(
    { detector: "stripe-webhook-secret", about: "Stripe or Svix webhook secret", accept: mixed },
    ["whsec_"],
    "[A-Za-z0-9+/]{24,80}={0,2}",
  ),
  byBeginning(
    { detector: "stripe-ephemeral-key", about: "Stripe ephemeral key", accept: mixed },
    ["ek_live_", "ek_test_"],
    "[A-Za-z0-9_,-]{20,256}",
  ),
  byBeginning(
    { detector: "square-access-token", about: "Square token" },
    ["sq0atp-", "sq0idp-"],
    "[A-Za-z0-9_-]{22,60}",
  ),
  byBeginning(
    { detector: "square-secret", about: "Square application secret" },
    ["sq0csp-"],
    "[A-Za-z0-9_-]{40,60}",
  ),
  byBeginning(
    { detector: "square-access-token", about: "Square access token", accept: mixed },
    ["EAAA"],
    "[A-Za-z0-9_-]{58,62}",
  ),
  byName(
    { detector: "square-access-token", about: "Square access token by its name", accept: mixed },
    ["square"],
    "EAAA[a-z0-9_-]{22,64}",
  ),
  byName(
    { detector: "plaid-client-id", about: "Plaid client id", accept: mixed },
    ["plaid"],
    "[a-z0-9]{24}",
  ),
  byName(
    { detector: "plaid-secret", about: "Plaid secret", accept: mixed },
    ["plaid"],
    "[a-z0-9]{30}",
  ),
  // `access` alone is a word; it stays, and prose is not held for it.
  byBeginning(
    { detector: "plaid-access-token", about: "Plaid access token" },
    ["access-"],
    `(?<secret>(?:sandbox|development|production)-${uuid})`,
  ),
  byName(
    { detector: "lob-api-key", about: "Lob key" },
    ["lob_", "lob-", "lob.", "lob ", "lobapi", "lobkey", "lobtoken", "lobsecret", 'lob"', "lob'"],
    "(?:live|test)_[0-9a-f]{35}",
  ),
  byName(
    { detector: "lob-publishable-key", about: "Lob publishable key" },
    ["lob_", "lob-", "lob.", "lob ", "lobapi", "lobpub", "lobkey", "lobtoken"],
    "(?:live|test)_pub_[0-9a-f]{31}",
  ),
  byBeginning(
    { detector: "lob-api-key", about: "Lob key" },
    ["live_", "test_"],
    "(?<secret>(?:pub_[0-9a-f]{31}|[0-9a-f]{35}))",
  ),
  byName(
    { detector: "mollie-api-key", about: "Mollie key or token", accept: mixed },
    ["mollie"],
    "(?:live|test|access)_[a-z0-9]{30}",
  ),
  byBeginning(
    { detector: "shippo-api-token", about: "Shippo token" },
    ["shippo_live_", "shippo_test_"],
    "[0-9a-f]{40}",
  ),
  byBeginning(
    { detector: "razorpay-key", about: "Razorpay key id" },
    ["rzp_live_", "rzp_test_"],
    "[A-Za-z0-9]{14}",
  ),
  byName(
    { detector: "razorpay-secret", about: "Razorpay secret", accept: mixed },
    ["razorpay", "rzp_"],
    "[a-z0-9]{24}",
  ),
  byBeginning(
    { detector: "paddle-api-key", about: "Paddle key" },
    ["pdl_"],
    "(?:live_|sdbx_)?(?:apikey|ntfset)_[a-z0-9]{26}(?:_[A-Za-z0-9+/]{16,40}(?:_[A-Za-z0-9]{3})?)?",
  ),
  byName({ detector: "paddle-api-key", about: "Paddle key of old" }, ["paddle"], "[0-9a-f]{50}"),
  byName(
    { detector: "lemonsqueezy-api-key", about: "Lemon Squeezy key" },
    ["lemonsqueezy", "lemon_squeezy", "lemon-squeezy"],
    "eyJ0eXAi[a-z0-9_-]{16,128}\\.[a-z0-9_-]{16,1024}\\.[a-z0-9_-]{16,1024}",
  ),
  byBeginning(
    { detector: "polar-token", about: "Polar token" },
    ["polar_oat_", "polar_pat_", "polar_at_", "polar_cs_", "polar_whs_"],
    "[A-Za-z0-9_]{32,64}",
  ),
  byName(
    { detector: "paypal-secret", about: "PayPal client id or secret", accept: mixed },
    ["paypal"],
    "[ae][a-z0-9_-]{79}",
  ),
  byBeginning(
    { detector: "paypal-access-token", about: "PayPal access token" },
    ["access_token$"],
    "(?<secret>(?:production|sandbox)\\$[0-9a-z]{16}\\$[0-9a-f]{32})",
  ),
  byBeginning({ detector: "recurly-api-key", about: "Recurly key" }, ["recurly_"], "[0-9a-f]{32}"),
  byName({ detector: "recurly-api-key", about: "Recurly key" }, ["recurly"], "[0-9a-f]{32}"),
  byName(
    { detector: "revenuecat-api-key", about: "RevenueCat key", accept: mixed },
    ["revenuecat", "revenue_cat", "revenue-cat"],
    "(?:sk|appl|goog|amzn|strp|rcb)_[a-z]{20,40}",
  ),
  byBeginning(
    { detector: "xendit-api-key", about: "Xendit key" },
    ["xnd_development_", "xnd_production_", "xnd_public_"],
    "[A-Za-z0-9_]{24,80}",
  ),
  byBeginning(
    { detector: "mercadopago-token", about: "Mercado Pago token" },
    ["APP_USR-", "TEST-"],
    "[0-9]{13,18}-[0-9]{6}-[0-9a-f]{32}(?:__[A-Z_]{5}__)?-[0-9]{6,10}",
  ),
  byBeginning(
    { detector: "mercadopago-token", about: "Mercado Pago public key" },
    ["APP_USR-"],
    uuid,
  ),
  byName(
    { detector: "midtrans-key", about: "Midtrans key", accept: mixed },
    ["midtrans"],
    "(?:sb-)?mid-(?:server|client)-[a-z0-9_-]{16,32}",
  ),
  byBeginning(
    { detector: "sumup-api-key", about: "SumUp key" },
    ["sup_sk_", "sup_pk_"],
    "[A-Za-z0-9]{24,64}",
  ),
  byName(
    { detector: "wise-api-token", about: "Wise token" },
    ["transferwise", "wise_", "wiseapi"],
    uuid,
  ),
  byName(
    { detector: "ramp-secret", about: "Ramp client id or secret", accept: mixed },
    ["ramp_"],
    "ramp_(?:id|sec)_[a-z0-9]{32,64}",
  ),
  byName(
    { detector: "quickbooks-secret", about: "QuickBooks client secret", accept: mixed },
    ["quickbooks", "intuit"],
    "[a-z0-9]{40}",
  ),
  byName(
    { detector: "xero-client-secret", about: "Xero client secret", accept: mixed },
    ["xero_", "xero-", "xero.", "xeroclient"],
    "[a-z0-9_-]{48}",
  ),
  byName(
    { detector: "yoco-secret-key", about: "Yoco key", accept: mixed },
    ["yoco"],
    "sk_(?:live|test)_[a-z0-9]{20,48}",
  ),
  byBeginning(
    { detector: "settlemint-token", about: "SettleMint token" },
    ["sm_aat_", "sm_pat_", "sm_sat_"],
    "[A-Za-z0-9]{16,64}",
  ),
  byName(
    { detector: "kraken-api-key", about: "Kraken key or secret", accept: mixed },
    ["kraken"],
    "[a-z0-9/=_+-]{56,92}",
  ),
  byName(
    { detector: "kucoin-access-token", about: "KuCoin key" },
    joined("ku", "coin"),
    "[0-9a-f]{24}",
  ),
  byName({ detector: "kucoin-secret-key", about: "KuCoin secret" }, joined("ku", "coin"), uuid),
  byName(
    { detector: "okx-api-key", about: "OKX or OKCoin key or secret" },
    ["okx_", "okx-", "okxapi", "okxsecret", "okcoin", "okex"],
    `(?:${uuid}|[0-9a-f]{32})`,
  ),
  byName(
    { detector: "polygon-api-key", about: "Polygon.io key", accept: mixed },
    ["polygon_", "polygon.io", "polygonio", "polygon-"],
    "[a-z0-9_-]{32}",
  ),
  byName(
    { detector: "quandl-api-key", about: "Nasdaq Data Link (Quandl) key", accept: mixed },
    ["quandl", "nasdaq_data", "nasdaqdata"],
    "[a-z0-9_-]{20}",
  ),
  byName({ detector: "tiingo-api-token", about: "Tiingo token" }, ["tiingo"], "[0-9a-f]{40}"),
  byName(
    { detector: "twelvedata-api-key", about: "Twelve Data key" },
    ["twelvedata", "twelve_data", "twelve-data"],
    "[0-9a-f]{32}",
  ),
  byName(
    { detector: "moralis-api-key", about: "Moralis key", accept: mixed },
    ["moralis"],
    "(?:[a-z0-9]{64}|eyJ[a-z0-9_.-]{64,512})",
  ),
  byName(
    { detector: "quicknode-token", about: "QuickNode token" },
    ["quicknode", "quiknode.pro/"],
    "[0-9a-f]{40}",
  ),
];
