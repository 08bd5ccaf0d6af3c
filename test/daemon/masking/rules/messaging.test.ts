/** Tokens of chats and telephony are found, and what only stands for one is not. */
import { messagingRules } from "../../../../src/daemon/masking/rules/messaging.js";
import { invented } from "../../../support/invented.js";
import { testRules } from "../../../support/rule-cases.js";

const { digits, hex, lower, mixed, upper, uuid } = invented;

testRules(messagingRules, {
  found: [
    ["slack-token", `xox${"b-"}${digits(12)}-${digits(13)}-${mixed(24)}`, "SLACK_BOT_TOKEN=§"],
    ["slack-token", `xox${"b-"}${digits(12)}-${mixed(24)}`, "§"],
    ["slack-token", `xox${"p-"}${digits(12)}-${digits(12)}-${digits(12)}-${hex(32)}`, "Bearer §"],
    ["slack-token", `xox${"a-"}2-${digits(9)}-${digits(11)}-${digits(13)}-${hex(18)}`, '"§"'],
    ["slack-token", `xapp-1-A${upper(10)}-${digits(13)}-${hex(64)}`, "app: §"],
    ["slack-config-token", `xoxe.xox${"p-"}1-${mixed(163)}`, "§"],
    ["slack-config-token", `xox${"e-"}1-${mixed(146)}`, "§"],
    [
      "slack-webhook",
      `hooks.slack${".com"}/services/T${upper(8)}/B${upper(8)}/${mixed(24)}`,
      "url: https://§",
    ],
    [
      "slack-webhook",
      `workflows/T${upper(8)}/A${upper(8)}/${digits(18)}/${mixed(24)}`,
      "hooks.slack.com/§",
    ],
    [
      "teams-webhook",
      `acme.webhook.office.com/webhookb2/${uuid()}@${uuid()}/IncomingWebhook/${hex(32)}/${uuid()}`,
      "'https://§'",
    ],
    ["telegram-bot-token", `AA${mixed(33)}`, `${digits(10)}:§`],
    ["telegram-bot-token", `${digits(8)}:A${mixed(34)}`, "telegramToken = '§'"],
    ["twilio-api-key", `SK${hex(32)}`, "'§'"],
    ["twilio-auth-token", hex(32), "TWILIO_AUTH_TOKEN=§"],
    ["mattermost-token", lower(26), "mattermost_token: §"],
    ["messagebird-api-key", lower(25), "message-birdToken := `§`"],
    ["messagebird-client-id", uuid(), "MESSAGE_BIRD_CLIENT_ID=§"],
    ["sendbird-access-token", hex(40), '{"sendbird_token": "§"}'],
    ["sendbird-access-id", uuid(), "SENDBIRD_APP_ID=§"],
    ["pubnub-key", `sec-c-${mixed(48)}`, "§"],
    ["vonage-api-secret", mixed(16), "NEXMO_API_SECRET=§"],
    ["webex-token", mixed(64), "WEBEX_TOKEN=§"],
  ],
  none: [
    "xoxb-xxxxxxxxxxxx-xxxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxx",
    "xoxb-YOUR-TOKEN",
    `xoxp-1234-1234-1234-${hex(32)}`,
    "https://hooks.slack.com/services/T000/B000",
    "see the docs at https://api.slack.com/webhooks",
    "SKU 1234, SKirt, SKy",
    "at 12:AA and 13:AB",
    "the zoom of the camera, the webex of the meeting",
  ],
});
