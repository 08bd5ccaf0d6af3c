/**
 * Applications, Adafruit to Intra42: what people plan, write, search, share
 * and learn with.
 */
import { begins, ends } from "../engine/edges.js";
import { isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { anywhere, written } from "./anywhere.js";
import { byBeginning, byName, mixed } from "./by-shape.js";
import { assigned } from "./shapes.js";

const real = (secret: string) => !isPlaceholder(secret);
const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

export const applicationRulesA: readonly Rule[] = [
  byBeginning(
    { detector: "adafruit-key", about: "Adafruit IO key" },
    ["aio_"],
    "[A-Za-z0-9]{26,30}",
  ),
  byName(
    { detector: "adafruit-key", about: "Adafruit IO key as it was until 2019", accept: real },
    ["adafruit"],
    "[A-Za-z0-9_-]{32}",
  ),
  byName(
    { detector: "adobe-client-id", about: "Adobe OAuth client ID", accept: real },
    ["adobe"],
    "[0-9a-f]{32}",
  ),
  byBeginning(
    { detector: "adobe-client-secret", about: "Adobe OAuth client secret" },
    ["p8e-", "p8-"],
    "[A-Za-z0-9_-]{32}",
  ),
  byName(
    { detector: "airtable-key", about: "Airtable API key as it was until 2024", accept: real },
    ["airtable"],
    "[A-Za-z0-9]{17}",
  ),
  {
    detector: "airtable-token",
    about: "Airtable personal access token",
    // No words begin so: with a small letter next, only beside the name.
    keywords: [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"].map((next) => `pat${next}`),
    exact: true,
    pattern: `${begins}pat[A-Z0-9][A-Za-z0-9]{13}\\.[0-9a-f]{64}${ends}`,
  },
  byName(
    { detector: "airtable-token", about: "Airtable personal access token, by its name" },
    ["airtable"],
    "pat[A-Za-z0-9]{14}\\.[0-9a-f]{64}",
  ),
  byName(
    { detector: "algolia-key", about: "Algolia API key", accept: real },
    ["algolia"],
    "[a-z0-9]{32}",
  ),
  byName(
    { detector: "asana-client-id", about: "Asana client ID", accept: (id) => !/0{8}/.test(id) },
    ["asana"],
    "[0-9]{16}",
  ),
  byName(
    { detector: "asana-client-secret", about: "Asana client secret", accept: real },
    ["asana"],
    "[a-z0-9]{32}",
  ),
  byName(
    { detector: "asana-token", about: "Asana personal access token" },
    ["asana"],
    "[0-2]/[0-9]{14,18}(?:/[0-9]{14,18})?:[0-9a-f]{32}",
  ),
  byBeginning(
    { detector: "atlassian-token", about: "Atlassian API token" },
    ["ATATT3", "ATSTT3", "ATCTT3"],
    "[A-Za-z0-9_=-]{100,300}",
  ),
  byName(
    {
      detector: "atlassian-token",
      about: "Atlassian API token as it was until 2023",
      accept: (token) => real(token) && mixed(token),
    },
    ["atlassian", "confluence", "jira"],
    "[A-Za-z0-9]{20,24}",
  ),
  byBeginning(
    { detector: "calcom-key", about: "Cal.com API key" },
    ["cal_live_", "cal_test_"],
    "[0-9a-f]{32}",
  ),
  byBeginning(
    { detector: "calendly-token", about: "Calendly token beside its name" },
    ["CALENDLY_TOKEN=", "CALENDLY_API_KEY="],
    "[A-Za-z0-9_.-]{40,600}",
  ),
  byBeginning(
    { detector: "clickup-token", about: "ClickUp personal token" },
    ["pk_"],
    "[0-9]{6,10}_[A-Z0-9]{32}",
  ),
  byBeginning(
    { detector: "contentful-token", about: "Contentful management token" },
    ["CFPAT-"],
    "[A-Za-z0-9_-]{43}",
  ),
  byName(
    { detector: "contentful-token", about: "Contentful delivery or preview token", accept: real },
    ["contentful"],
    "[A-Za-z0-9=_-]{43}",
  ),
  {
    detector: "convex-key",
    about: "Convex deploy key",
    keywords: ["convex"],
    anyCase: true,
    pattern: assigned("convex", "(?:prod|preview|dev):[a-z0-9:-]{6,60}\\|[A-Za-z0-9+/=_-]{40,400}"),
  },
  {
    detector: "dropbox-token",
    about: "Dropbox short-lived access token",
    keywords: ["sl."],
    exact: true,
    pattern: `${begins}sl\\.(?:u\\.)?[A-Za-z0-9_=-]{120,1400}${ends}`,
    accept: mixed,
  },
  byName(
    { detector: "dropbox-token", about: "Dropbox short-lived access token, by its name" },
    ["dropbox"],
    "sl\\.[A-Za-z0-9_=-]{60,1400}",
  ),
  byName(
    { detector: "dropbox-token", about: "Dropbox long-lived access token", accept: mixed },
    ["dropbox"],
    "[A-Za-z0-9_-]{11}AAAAAAAAAA[A-Za-z0-9=_-]{43}",
  ),
  byName(
    {
      detector: "dropbox-secret",
      about: "Dropbox app key or secret",
      accept: (secret) => real(secret) && mixed(secret),
    },
    ["dropbox"],
    "[a-z0-9]{15}",
  ),
  {
    ...byName({ detector: "hubspot-key", about: "HubSpot API key" }, ["hubspot", "hapikey"], uuid),
    accept: written,
  },
  byBeginning(
    { detector: "hubspot-token", about: "HubSpot private app token" },
    ["pat-na", "pat-eu", "pat-ap"],
    `[0-9]-${uuid}`,
  ),
  byBeginning(
    { detector: "gumroad-token", about: "Gumroad token beside its name" },
    ["GUMROAD_ACCESS_TOKEN="],
    "[A-Za-z0-9_-]{43,64}",
  ),
  byBeginning(
    { detector: "ionic-token", about: "Ionic Appflow token" },
    ["ion_"],
    "[A-Za-z0-9]{42}",
  ),
  anywhere(
    { detector: "intra42-client-secret", about: "Intra42 client secret" },
    ["s-s4t2ud-", "s-s4t2af-"],
    "[0-9a-f]{64}",
  ),
  {
    detector: "jotform-key",
    about: "Jotform API key",
    keywords: ["jotform"],
    anyCase: true,
    pattern: assigned("jotform", "[0-9a-f]{32}"),
    accept: written,
  },
];
