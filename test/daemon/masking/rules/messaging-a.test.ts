/** Tokens of chats, networks and pictures are found by their shapes or beside their names. */
import { expect, test } from "vitest";
import { messagingRulesA } from "../../../../src/daemon/masking/rules/messaging-a.js";
import { invented } from "../../../support/invented.js";
import { matchesOf } from "../../../support/rule-matches.js";

const { digits, hex, lower, mixed, uuid } = invented;

test.each([
  ["beamer-token", `beamer_key: b_${lower(44)}`, `b_${lower(44)}`],
  [
    "discord-token",
    `MT${"Ay"}${mixed(22)}.${mixed(6)}.${mixed(38)}`,
    `MT${"Ay"}${mixed(22)}.${mixed(6)}.${mixed(38)}`,
  ],
  ["discord-token", `discord_key = ${hex(64)}`, hex(64)],
  ["discord-client-id", `DISCORD_CLIENT_ID=${digits(18)}`, digits(18)],
  ["discord-client-secret", `discordSecret: "${mixed(32)}"`, mixed(32)],
  [
    "discord-webhook",
    `https://discord.com/api/webhooks/${digits(18)}/${mixed(68)}`,
    `${digits(18)}/${mixed(68)}`,
  ],
  ["facebook-token", `EA${"AC"}${mixed(120)}`, `EA${"AC"}${mixed(120)}`],
  ["facebook-token", `facebook ${digits(16)}|${mixed(27)}`, `${digits(16)}|${mixed(27)}`],
  ["facebook-secret", `FACEBOOK_APP_SECRET=${hex(32)}`, hex(32)],
  ["facebook-secret", `facebook app secret    ${hex(32)}`, hex(32)],
  ["figma-token", `fig${"d_"}${mixed(43)}`, `fig${"d_"}${mixed(43)}`],
  ["figma-token", `X-Figma-Token: 1234-${uuid()}`, `1234-${uuid()}`],
  ["flickr-key", `flickr_api_key="${hex(32)}"`, hex(32)],
  ["frameio-token", `fio-${"u-"}${mixed(64)}`, `fio-${"u-"}${mixed(64)}`],
  ["intercom-token", `dG${"9rO"}${mixed(55)}`, `dG${"9rO"}${mixed(55)}`],
  ["intercom-token", `intercomKey = "${lower(60)}"`, lower(60)],
  [
    "google-chat-webhook",
    `https://chat.googleapis.com/v1/spaces/${mixed(11)}/messages?key=${mixed(39)}&token=${mixed(43)}`,
    `key=${mixed(39)}&token=${mixed(43)}`,
  ],
])("%s: %s", (detector, text, secret) => {
  const found = matchesOf(messagingRulesA, text);

  expect(found.map((finding) => finding.detector)).toContain(detector);
  expect(found.map(({ start, end }) => text.slice(start, end))).toContain(secret);
});

test.each([
  "discord=000000000000000000",
  "MTU is 1500 and MTA is an agent",
  `facebook: ${digits(16)}`,
  "EAAC is no token by itself",
  "https://discord.com/api/webhooks/{id}/{token}",
])("is none: %s", (text) => {
  expect(matchesOf(messagingRulesA, text)).toEqual([]);
});
