/**
 * Messaging and the public, Beamer to Intercom: chat, mail, social networks,
 * pictures, and what speaks to customers.
 */
import { begins, ends, notBehind } from "../engine/edges.js";
import { isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { anywhere, column } from "./anywhere.js";
import { byBeginning, byName, mixed } from "./by-shape.js";
import { assigned } from "./shapes.js";

const real = (secret: string) => !isPlaceholder(secret);

const digits = [..."0123456789"];

/**
 * A bot's token begins with its number in base64: three characters that say the first two digits
 * and that a third follows.
 */
const botBeginnings = ["MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"].flatMap((first) =>
  [..."AEIMQUYcgk"].map((second) => first + second),
);

/** A digit, or two, and the bar that follows them, as it is and encoded. */
const bars = digits.flatMap((digit) => [
  `${digit}%7C`,
  `${digit}%7c`,
  ...digits.map((other) => `${digit}${other}|`),
]);

export const messagingRulesA: readonly Rule[] = [
  byName({ detector: "beamer-token", about: "Beamer API key" }, ["beamer"], "b_[A-Za-z0-9=_-]{44}"),
  {
    detector: "discord-token",
    about: "Discord bot token",
    keywords: botBeginnings,
    exact: true,
    pattern: `${notBehind("A-Za-z0-9_.-")}[MNO][A-Za-z0-9_-]{22,25}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,40}${ends}`,
  },
  byBeginning(
    { detector: "discord-token", about: "Discord account token" },
    ["mfa."],
    "[A-Za-z0-9_-]{80,90}",
  ),
  byName(
    { detector: "discord-token", about: "Discord API key", accept: real },
    ["discord"],
    "[0-9a-f]{64}",
  ),
  byName(
    { detector: "discord-client-id", about: "Discord client ID", accept: (id) => !/0{6}/.test(id) },
    ["discord"],
    "[0-9]{18,19}",
  ),
  byName(
    { detector: "discord-client-secret", about: "Discord client secret", accept: real },
    ["discord"],
    "[A-Za-z0-9=_-]{32}",
  ),
  {
    detector: "discord-webhook",
    about: "Discord webhook, its number and token",
    keywords: ["discord.com/api/", "discordapp.com/api/"],
    pattern:
      "discord(?:app)?\\.com/api/(?:v[0-9]{1,2}/)?webhooks/(?<secret>[0-9]{16,20}/[A-Za-z0-9_-]{50,90})",
  },
  byBeginning(
    { detector: "facebook-token", about: "Facebook page or user access token" },
    ["EAAM", "EAAC", "EAAB", "EAAD", "EAAG", "EAAH", "EAAJ", "EAAK", "EAAL"],
    "[A-Za-z0-9]{60,400}",
  ),
  byBeginning(
    { detector: "facebook-token", about: "Facebook access token as it was until 2018" },
    ["EAACEdEose0cBA"],
    "[A-Za-z0-9]{2,400}",
  ),
  {
    detector: "facebook-token",
    about: "Facebook app access token: the app's number, a bar, its secret",
    keywords: bars,
    exact: true,
    before: 15,
    pattern: `${notBehind("0-9A-Za-z")}[0-9]{13,17}(?:\\||%7[Cc])[A-Za-z0-9_-]{27,40}${ends}`,
    accept: mixed,
  },
  byName(
    { detector: "facebook-secret", about: "Facebook app secret", accept: real },
    ["facebook", "fb_app", "fb_secret", "fb_client"],
    "[0-9a-f]{32}",
  ),
  {
    detector: "facebook-secret",
    about: "Facebook app secret in a column beside its name",
    keywords: ["facebook", "fb_", "fb-", "fb ", "fbapp", "fbclient"],
    anyCase: true,
    pattern: column("facebook|fb", "[a-z0-9]{32}"),
    accept: (secret) => real(secret) && mixed(secret),
  },
  {
    detector: "figma-token",
    about: "Figma personal access token",
    keywords: ["figd_", "figo_", "figor_"],
    pattern: `${begins}fig(?:d|o|or)_[A-Za-z0-9_-]{36,80}${ends}`,
  },
  {
    detector: "figma-token",
    about: "Figma personal access token as it was until 2022",
    keywords: ["figma"],
    anyCase: true,
    pattern: assigned(
      "figma",
      "[0-9]{4,8}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    ),
  },
  byName(
    { detector: "flickr-key", about: "Flickr API key or secret", accept: real },
    ["flickr"],
    "(?:[a-z0-9]{32}|[0-9a-f]{16})",
  ),
  anywhere(
    { detector: "frameio-token", about: "Frame.io API token" },
    ["fio-u-"],
    "[A-Za-z0-9=_-]{64}",
  ),
  {
    detector: "google-chat-webhook",
    about: "Google Chat webhook's key and token",
    keywords: ["chat.googleapis.com"],
    pattern:
      "chat\\.googleapis\\.com/v1/spaces/[\\w-]{4,40}/messages\\?(?<secret>key=[\\w-]{20,60}&token=[\\w%-]{20,90})",
  },
  byName(
    {
      detector: "helpscout-secret",
      about: "Help Scout secret",
      accept: (secret) => real(secret) && mixed(secret),
    },
    ["helpscout", "help_scout"],
    "[A-Za-z0-9]{32}",
  ),
  anywhere(
    { detector: "intercom-token", about: "Intercom access token" },
    ["dG9rO"],
    "[A-Za-z0-9+/]{50,80}={0,2}",
  ),
  byName(
    { detector: "intercom-token", about: "Intercom API key", accept: real },
    ["intercom"],
    "[A-Za-z0-9=_-]{60}",
  ),
  byName(
    { detector: "iterable-key", about: "Iterable API key", accept: real },
    ["iterable"],
    "[0-9a-f]{32}",
  ),
  byBeginning(
    { detector: "customerio-key", about: "Customer.io key beside its name" },
    ["CUSTOMERIO_API_KEY=", "CUSTOMER_IO_API_KEY="],
    "[0-9a-f]{20,40}",
  ),
];
