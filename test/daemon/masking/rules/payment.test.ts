/** Keys that move money are found. */
import { paymentRules } from "../../../../src/daemon/masking/rules/payment.js";
import { invented } from "../../../support/invented.js";
import { testRules } from "../../../support/rule-cases.js";

const { digits, hex, lower, mixed, uuid } = invented;

testRules(paymentRules, {
  found: [
    ["stripe-secret-key", `sk_${"live_"}${mixed(24)}`, "stripe.api_key = '§'"],
    ["stripe-secret-key", `rk_${"test_"}${mixed(99)}`, "§"],
    ["stripe-webhook-secret", `whsec_${mixed(32)}`, "§"],
    ["square-access-token", `sq0${"atp-"}${mixed(22)}`, "§"],
    ["square-secret", `sq0${"csp-"}${mixed(43)}`, "§"],
    ["square-access-token", `EAA${"A"}${mixed(60)}`, "SQUARE_ACCESS_TOKEN=§"],
    ["plaid-client-id", lower(24), "PLAID_CLIENT_ID=§"],
    ["plaid-secret", lower(30), "plaid_secret: §"],
    ["plaid-access-token", `sandbox-${uuid()}`, "access-§"],
    ["lob-api-key", `test_${hex(35)}`, "lobToken = '§'"],
    ["lob-publishable-key", `live_pub_${hex(31)}`, "LOB_PUB_KEY=§"],
    ["shippo-api-token", `shippo_${"live_"}${hex(40)}`, "§"],
    ["razorpay-key", `rzp_${"live_"}${mixed(14)}`, "§"],
    ["settlemint-token", `sm_${"pat_"}${mixed(16)}`, "§"],
    ["kraken-api-key", `${mixed(86)}==`, "kraken_secret = '§'"],
    ["kucoin-access-token", hex(24), "KUCOIN_KEY=§"],
    ["kucoin-secret-key", uuid(), "kucoinSecret: '§'"],
    ["paypal-access-token", `production$${lower(16)}$${hex(32)}`, "access_token$§"],
    ["mercadopago-token", `APP_USR-${digits(16)}-${digits(6)}-${hex(32)}-${digits(9)}`, "§"],
  ],
  none: [
    "sk_live_",
    "test_the_payment_of_a_customer_with_a_card",
    "the kraken is a beast, the square a place, plaid a pattern",
    "live_" + "events_of_the_day",
    "access-sandbox-token",
  ],
});
