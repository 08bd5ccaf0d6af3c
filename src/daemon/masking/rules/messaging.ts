/**
 * Messaging: tokens of chats, telephony and notifications, from K to Z in the
 * alphabet.
 */
import { ends } from "../engine/edges.js";
import type { Rule } from "../engine/rule.js";
import { byBeginning, byName, joined, mixed } from "./by-shape.js";
import { uuid } from "./shapes.js";

/** Where an identifier is meant to be hex, copies of it are often made up of any letters. */
const likeUuid = "[A-Za-z0-9]{8}-[A-Za-z0-9]{4}-[A-Za-z0-9]{4}-[A-Za-z0-9]{4}-[A-Za-z0-9]{12}";
const slackHook = `(?:services|workflows|triggers)/[A-Za-z0-9+/_-]{24,120}${ends}`;
const hexDigits = [..."0123456789abcdef"];

export const messagingRules: readonly Rule[] = [
  byBeginning(
    { detector: "slack-token", about: "Slack token of a bot, user, workspace or app" },
    ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxe-", "xapp-"],
    "(?:[0-9]{1,2}-)?[0-9]{6,16}-(?:[0-9]{6,16}-){0,3}[A-Za-z0-9/+]{10,80}",
  ),
  byBeginning(
    { detector: "slack-token", about: "Slack workspace or refresh token", accept: mixed },
    ["xoxa-", "xoxr-"],
    "(?:[0-9]-)?[A-Za-z0-9]{8,48}",
  ),
  byBeginning(
    { detector: "slack-token", about: "Slack app-level token" },
    ["xapp-"],
    "[0-9]-[A-Z0-9]{6,16}-[0-9]{6,16}-[A-Za-z0-9]{10,80}",
  ),
  byBeginning(
    { detector: "slack-config-token", about: "Slack configuration access token" },
    ["xoxe.xoxb-", "xoxe.xoxp-"],
    "[0-9]-[A-Za-z0-9]{100,240}",
  ),
  byBeginning(
    { detector: "slack-config-token", about: "Slack configuration refresh token" },
    ["xoxe-"],
    "[0-9]-[A-Za-z0-9]{100,240}",
  ),
  byBeginning(
    { detector: "slack-token", about: "Slack token of a browser session" },
    ["xoxc-", "xoxd-"],
    "[A-Za-z0-9%/+=-]{40,300}",
  ),
  // `https` and `hooks` alone are words.
  {
    detector: "slack-webhook",
    about: "Slack webhook of an app or a workflow",
    keywords: ["https://hooks.slack.com/", "http://hooks.slack.com/"],
    anyCase: true,
    pattern: `https?://(?<secret>hooks\\.slack\\.com/${slackHook})`,
  },
  {
    detector: "slack-webhook",
    about: "Slack webhook, its scheme elsewhere",
    keywords: ["hooks.slack.com/"],
    anyCase: true,
    pattern: `hooks\\.slack\\.com/(?<secret>${slackHook})`,
  },
  {
    detector: "teams-webhook",
    about: "Microsoft Teams webhook of a connector",
    keywords: ["https://"],
    anyCase: true,
    pattern:
      "https://(?<secret>(?:[a-z0-9-]{1,63}\\.webhook|outlook)\\.office(?:365)?\\.com/webhook(?:b2)?/" +
      `${likeUuid}@${likeUuid}/IncomingWebhook/[A-Za-z0-9]{32}/${likeUuid}(?:/[A-Za-z0-9_-]{1,80})?)`,
  },
  {
    detector: "teams-webhook",
    about: "Signature of a Microsoft Teams or Power Automate workflow's address",
    keywords: ["/triggers/manual/paths/invoke"],
    anyCase: true,
    pattern: "/triggers/manual/paths/invoke\\?[\\w.%&=/-]{1,160}[&;]sig=(?<secret>[\\w%-]{40,64})",
  },
  {
    detector: "telegram-bot-token",
    about: "Telegram bot token",
    keywords: [":AA"],
    exact: true,
    // The digits before are the bot's public number.
    pattern: `(?<=[0-9]):(?<secret>AA[A-Za-z0-9_-]{32,34})${ends}`,
  },
  byName(
    { detector: "telegram-bot-token", about: "Telegram bot token by its name" },
    ["telegr", "tg_bot", "tgbot", "api.telegram.org/bot"],
    "[0-9]{5,16}:[a-z0-9_-]{35}",
  ),
  {
    detector: "telegram-bot-token",
    about: "Telegram bot token in an address",
    keywords: ["api.telegram.org"],
    anyCase: true,
    pattern: `api\\.telegram\\.org/(?:file/)?bot(?<secret>[0-9]{5,16}:[a-z0-9_-]{35})${ends}`,
  },
  byBeginning(
    { detector: "twilio-api-key", about: "Twilio API key" },
    hexDigits.map((digit) => `SK${digit}`),
    "[0-9a-f]{31}",
  ),
  byName(
    { detector: "twilio-auth-token", about: "Twilio auth token, key or account", accept: mixed },
    ["twilio"],
    "(?:ac|sk)?[0-9a-z]{32}",
  ),
  byName(
    { detector: "mattermost-token", about: "Mattermost token", accept: mixed },
    ["mattermost"],
    "[a-z0-9]{26}",
  ),
  byName(
    { detector: "messagebird-api-key", about: "MessageBird key", accept: mixed },
    joined("message", "bird"),
    "[a-z0-9]{25}",
  ),
  byName(
    { detector: "messagebird-client-id", about: "MessageBird client id" },
    joined("message", "bird"),
    uuid,
  ),
  byName({ detector: "sendbird-access-id", about: "Sendbird application id" }, ["sendbird"], uuid),
  byName(
    { detector: "sendbird-access-token", about: "Sendbird token" },
    ["sendbird"],
    "[0-9a-f]{40}",
  ),
  byName(
    { detector: "knock-api-key", about: "Knock key" },
    ["knock_", "knockapp", "knock."],
    "sk_(?:test_)?[a-z0-9_-]{32,64}",
  ),
  byName({ detector: "novu-api-key", about: "Novu key" }, ["novu"], "[0-9a-f]{32}"),
  byBeginning(
    { detector: "onesignal-api-key", about: "OneSignal key" },
    ["os_v2_app_", "os_v2_org_"],
    "[a-z0-9]{80,120}",
  ),
  byName(
    { detector: "onesignal-api-key", about: "OneSignal key of old" },
    ["onesignal"],
    `(?:${uuid}|[a-z0-9]{48})`,
  ),
  byName(
    { detector: "plivo-auth-token", about: "Plivo auth token", accept: mixed },
    ["plivo"],
    "(?:ma[a-z0-9]{18}|[a-z0-9]{40})",
  ),
  byBeginning(
    { detector: "pubnub-key", about: "PubNub secret key" },
    ["sec-c-"],
    "[A-Za-z0-9=]{44,80}",
  ),
  byBeginning(
    { detector: "pubnub-key", about: "PubNub publish or subscribe key" },
    ["pub-c-", "sub-c-"],
    uuid,
  ),
  byName(
    { detector: "pusher-key", about: "Pusher key or secret", accept: mixed },
    ["pusher"],
    "[0-9a-f]{20}",
  ),
  byName(
    { detector: "pushover-token", about: "Pushover token", accept: mixed },
    ["pushover"],
    "[a-z0-9]{30}",
  ),
  byName(
    { detector: "pushbullet-token", about: "Pushbullet token" },
    ["pushbullet"],
    "o\\.[a-z0-9]{32}",
  ),
  byName(
    { detector: "rocketchat-token", about: "Rocket.Chat token", accept: mixed },
    ["rocket.chat", "rocketchat", "rocket_chat"],
    "[a-z0-9_-]{43}",
  ),
  byName(
    { detector: "vonage-api-secret", about: "Vonage secret", accept: mixed },
    ["vonage", "nexmo"],
    "[a-z0-9]{16}",
  ),
  byName(
    { detector: "telnyx-api-key", about: "Telnyx key" },
    ["telnyx"],
    "key[0-9a-f]{32}_[a-z0-9]{22}",
  ),
  byName(
    { detector: "sinch-api-token", about: "Sinch token", accept: mixed },
    ["sinch"],
    "(?:[0-9a-f]{32}|[a-z0-9_~.-]{34})",
  ),
  byName(
    { detector: "line-channel-token", about: "LINE channel token", accept: mixed },
    ["line_channel", "linechannel", "line-channel"],
    "[a-z0-9+/=]{32,200}",
  ),
  byName(
    { detector: "lark-app-secret", about: "Lark or Feishu secret", accept: mixed },
    ["lark_", "lark-", "larkapp", "feishu"],
    "[a-z0-9]{32}",
  ),
  byName(
    { detector: "wechat-app-secret", about: "WeChat secret" },
    ["wechat", "weixin", "wxapp"],
    "[0-9a-f]{32}",
  ),
  byName(
    { detector: "webex-token", about: "Webex token", accept: mixed },
    ["webex"],
    "(?:[a-z0-9]{64}_[a-z0-9]{4}_[0-9a-f-]{36}|[a-z0-9]{64})",
  ),
  byBeginning(
    { detector: "matrix-token", about: "Matrix access token" },
    ["syt_"],
    "[A-Za-z0-9+/=]{2,80}_[A-Za-z]{20}_[A-Za-z0-9]{6}",
  ),
  byName(
    { detector: "zulip-api-key", about: "Zulip key", accept: mixed },
    ["zulip"],
    "[a-z0-9]{32}",
  ),
  byName(
    { detector: "zoom-secret", about: "Zoom secret", accept: mixed },
    ["zoom_", "zoom-", "zoomclient", "zoomapi", "zoom.us"],
    "[a-z0-9]{32}",
  ),
  byName(
    { detector: "ringcentral-secret", about: "RingCentral secret", accept: mixed },
    ["ringcentral"],
    "[a-z0-9_-]{22,64}",
  ),
  byName(
    { detector: "livekit-secret", about: "LiveKit key or secret", accept: mixed },
    ["livekit"],
    "(?:api[a-z0-9]{12}|[a-z0-9]{36,50})",
  ),
];
