/** Keys of networks, news, maps and weather are found. */
import { socialRules } from "../../../../src/daemon/masking/rules/social.js";
import { invented } from "../../../support/invented.js";
import { testRules } from "../../../support/rule-cases.js";

const { digits, hex, lower, mixed, uuid } = invented;

testRules(socialRules, {
  found: [
    ["linkedin-client-id", lower(14), "LINKEDIN_KEY = '§'"],
    ["linkedin-client-secret", mixed(16), "linkedin_secret: §"],
    ["twitter-bearer-token", `${"A".repeat(22)}${mixed(90)}`, "Bearer §"],
    ["twitter-access-token", `${digits(18)}-${mixed(40)}`, "twitter_token: '§'"],
    ["twitter-api-key", mixed(25), "TWITTER_API_KEY=§"],
    ["twitter-api-secret", mixed(50), "TWITTER_API_SECRET=§"],
    ["twitter-api-secret", mixed(45), "twitterAccessSecret = '§'"],
    ["twitch-token", lower(30), "TWITCH_TOKEN=§"],
    ["twitch-stream-key", `${digits(9)}_${mixed(30)}`, "rtmp://live.twitch.tv/app/live_§"],
    ["nytimes-api-key", mixed(32), "new-york-timesToken: §"],
    ["nasa-api-key", mixed(40), "https://api.nasa.gov/planetary/apod?api_key=§"],
    ["mapbox-token", `sk.eyJ${mixed(80)}.${mixed(22)}`, "accessToken = '§'"],
    ["mapbox-token", `pk.${lower(60)}.${lower(22)}`, "mapbox_token: §"],
    ["openweather-key", hex(32), "OPENWEATHER_API_KEY=§"],
    ["riot-api-key", `RGAPI-${uuid()}`, "§"],
  ],
  none: [
    "they live_ on and on",
    "follow us on twitter: https://twitter.com/example",
    "linkedin: recommendations",
    "a spotify playlist, a vimeo film",
    "https://api.nasa.gov/planetary/apod?api_key=DEMO_KEY",
  ],
});
