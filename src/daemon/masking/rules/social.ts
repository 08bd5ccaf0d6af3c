/**
 * Social and media: keys of networks, streams, news, maps and weather, from K
 * to Z in the alphabet.
 */
import { ends } from "../engine/edges.js";
import type { Rule } from "../engine/rule.js";
import { byBeginning, byName, joined, mixed } from "./by-shape.js";
import { uuid } from "./shapes.js";

const linked = joined("linked", "in");
// Each beginning by itself: a text is held for a fixed beginning, not for any letter.
const mapboxToken = ["pk", "sk", "tk"]
  .map((kind) => `${kind}\\.[a-z0-9+/=_-]{32,400}\\.[a-z0-9+/=_-]{20,48}`)
  .join("|");

export const socialRules: readonly Rule[] = [
  byName(
    { detector: "linkedin-client-id", about: "LinkedIn client id", accept: mixed },
    linked,
    "[a-z0-9]{12,14}",
  ),
  byName(
    { detector: "linkedin-client-secret", about: "LinkedIn client secret", accept: mixed },
    linked,
    "[a-z0-9]{16}",
  ),
  byBeginning(
    { detector: "linkedin-client-secret", about: "LinkedIn client secret" },
    ["WPL_AP"],
    "[01]\\.[A-Za-z0-9]{14,18}\\.[A-Za-z0-9+/]{6,16}={0,2}",
  ),
  byName(
    { detector: "twitter-bearer-token", about: "Twitter app token" },
    ["twitter"],
    "A{21,22}[a-z0-9%+/=]{80,120}",
  ),
  byBeginning(
    { detector: "twitter-bearer-token", about: "Twitter app token" },
    ["AAAAAAAAAAAAAAAAAAAAA"],
    "[A-Za-z0-9%+/=]{80,120}",
  ),
  byName(
    { detector: "twitter-access-token", about: "Twitter access token" },
    ["twitter"],
    "[0-9]{15,25}-[a-z0-9]{20,50}",
  ),
  byName(
    { detector: "twitter-api-key", about: "Twitter key", accept: mixed },
    ["twitter"],
    "[a-z0-9]{25}",
  ),
  byName(
    { detector: "twitter-api-secret", about: "Twitter secret", accept: mixed },
    ["twitter"],
    "[a-z0-9]{35,50}",
  ),
  byName(
    { detector: "twitter-api-key", about: "Twitter consumer key of old", accept: mixed },
    ["twitter"],
    "[a-z0-9]{18,22}",
  ),
  byName(
    { detector: "twitch-token", about: "Twitch token or secret", accept: mixed },
    ["twitch", "oauth:"],
    "[a-z0-9]{30}",
  ),
  byBeginning(
    { detector: "twitch-stream-key", about: "Twitch stream key" },
    ["live_"],
    "(?<secret>[0-9]{6,12}_[A-Za-z0-9]{26,40})",
  ),
  byName(
    { detector: "reddit-secret", about: "Reddit secret", accept: mixed },
    ["reddit"],
    "[a-z0-9_-]{27,30}",
  ),
  byName(
    { detector: "pinterest-token", about: "Pinterest token", accept: mixed },
    ["pinterest"],
    "(?:pina_[a-z0-9]{32,128}|[0-9a-f]{40})",
  ),
  byBeginning(
    { detector: "pinterest-token", about: "Pinterest token", accept: mixed },
    ["pina_", "pinr_"],
    "(?<secret>[A-Za-z0-9.]{32,128})",
  ),
  byName(
    { detector: "spotify-secret", about: "Spotify client id or secret" },
    ["spotify"],
    "[0-9a-f]{32}",
  ),
  byName(
    { detector: "soundcloud-secret", about: "SoundCloud secret", accept: mixed },
    ["soundcloud"],
    "[a-z0-9]{32}",
  ),
  byName(
    { detector: "strava-secret", about: "Strava secret or token" },
    ["strava"],
    "[0-9a-f]{40}",
  ),
  byName(
    { detector: "snapchat-secret", about: "Snapchat secret", accept: mixed },
    ["snapchat", "snapkit"],
    "[a-z0-9]{20,40}",
  ),
  byName(
    { detector: "steam-api-key", about: "Steam key", accept: mixed },
    ["steam_", "steamapi", "steam-", "steamweb"],
    "[0-9a-f]{32}",
  ),
  byName(
    { detector: "patreon-token", about: "Patreon token", accept: mixed },
    ["patreon"],
    "[a-z0-9_-]{43,64}",
  ),
  byName(
    { detector: "tumblr-secret", about: "Tumblr key or secret", accept: mixed },
    ["tumblr"],
    "[a-z0-9]{50}",
  ),
  byName({ detector: "vimeo-token", about: "Vimeo token" }, ["vimeo"], "[0-9a-f]{32}"),
  byName(
    { detector: "vk-token", about: "VK token" },
    ["vk_", "vkontakte", "vk.com"],
    "(?:vk1\\.a\\.[a-z0-9_-]{60,300}|[0-9a-f]{85})",
  ),
  byBeginning({ detector: "vk-token", about: "VK token" }, ["vk1.a."], "[A-Za-z0-9_-]{60,300}"),
  byName({ detector: "weibo-secret", about: "Weibo secret" }, ["weibo"], "[0-9a-f]{32}"),
  byName(
    { detector: "unsplash-key", about: "Unsplash key", accept: mixed },
    ["unsplash"],
    "[a-z0-9_-]{43}",
  ),
  byName(
    { detector: "pexels-api-key", about: "Pexels key", accept: mixed },
    ["pexels"],
    "[a-z0-9]{56}",
  ),
  byName(
    { detector: "pixabay-api-key", about: "Pixabay key" },
    ["pixabay"],
    "[0-9]{7,9}-[0-9a-f]{25}",
  ),
  byName(
    { detector: "nytimes-api-key", about: "New York Times key", accept: mixed },
    [
      "nytimes",
      "nyt_",
      "nyt-",
      "newyorktimes",
      "new-york-times",
      "new_york_times",
      "new york times",
    ],
    "[a-z0-9=_-]{32}",
  ),
  byName(
    { detector: "newsapi-key", about: "NewsAPI key" },
    ["newsapi", "news_api"],
    "[0-9a-f]{32}",
  ),
  byName({ detector: "tmdb-api-key", about: "TMDB key" }, ["tmdb", "themoviedb"], "[0-9a-f]{32}"),
  byName({ detector: "omdb-api-key", about: "OMDb key", accept: mixed }, ["omdb"], "[0-9a-f]{8}"),
  byName(
    { detector: "nasa-api-key", about: "NASA key", accept: mixed },
    ["nasa_", "nasa.gov", "nasaapi", "nasa-"],
    "[a-z0-9]{40}",
  ),
  {
    detector: "nasa-api-key",
    about: "NASA key in an address",
    keywords: ["nasa.gov/"],
    anyCase: true,
    pattern: `nasa\\.gov/[\\w./?&=%,:+-]{0,200}api_key=(?<secret>[A-Za-z0-9]{40})${ends}`,
  },
  byBeginning(
    { detector: "mapbox-token", about: "Mapbox token" },
    ["pk.eyJ", "sk.eyJ", "tk.eyJ"],
    "[A-Za-z0-9_-]{30,400}\\.[A-Za-z0-9_-]{20,24}",
  ),
  byName({ detector: "mapbox-token", about: "Mapbox token by its name" }, ["mapbox"], mapboxToken),
  {
    detector: "mapbox-token",
    about: "Mapbox token near its name",
    keywords: ["mapbox"],
    anyCase: true,
    pattern: `mapbox[^\\r\\n]{0,40}(?<secret>${mapboxToken})`,
  },
  byName(
    { detector: "maptiler-key", about: "MapTiler key", accept: mixed },
    ["maptiler"],
    "[a-z0-9]{20}(?:_[0-9a-f]{64})?",
  ),
  byName(
    { detector: "mapquest-key", about: "MapQuest key", accept: mixed },
    ["mapquest"],
    "[a-z0-9]{32}",
  ),
  byName(
    { detector: "tomtom-key", about: "TomTom key", accept: mixed },
    ["tomtom"],
    "[a-z0-9]{32}",
  ),
  byName(
    { detector: "what3words-key", about: "what3words key", accept: mixed },
    ["what3words"],
    "[a-z0-9]{8}",
  ),
  byName({ detector: "opencage-key", about: "OpenCage key" }, ["opencage"], "[0-9a-f]{32}"),
  byName(
    { detector: "openweather-key", about: "OpenWeather key" },
    ["openweather", "open_weather", "owm_"],
    "[0-9a-f]{32}",
  ),
  byName(
    { detector: "weatherapi-key", about: "WeatherAPI or Tomorrow.io key", accept: mixed },
    ["weatherapi", "weather_api", "tomorrow.io", "tomorrowio"],
    "(?:[0-9a-f]{30,31}|[a-z0-9]{32})",
  ),
  byName(
    { detector: "weatherstack-key", about: "weatherstack key" },
    ["weatherstack"],
    "[0-9a-f]{32}",
  ),
  byName(
    { detector: "yelp-api-key", about: "Yelp key", accept: mixed },
    ["yelp"],
    "[a-z0-9_-]{128}",
  ),
  byName(
    { detector: "youtube-stream-key", about: "YouTube stream key", accept: mixed },
    ["youtube_stream", "youtubestream", "youtube stream"],
    "[a-z0-9]{4}(?:-[a-z0-9]{4}){4}",
  ),
  byName(
    { detector: "riot-api-key", about: "Riot Games key" },
    ["riot_", "riot-", "riotapi"],
    `RGAPI-${uuid}`,
  ),
  byBeginning({ detector: "riot-api-key", about: "Riot Games key" }, ["RGAPI-"], uuid),
  byName(
    { detector: "roblox-api-key", about: "Roblox key", accept: mixed },
    ["roblox"],
    "[a-z0-9+/]{48,1024}={0,2}",
  ),
];
