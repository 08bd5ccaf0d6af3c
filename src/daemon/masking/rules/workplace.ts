/**
 * Workplace: tokens of notes, boards, calendars, files and automation, from K
 * to Z in the alphabet.
 */
import type { Rule } from "../engine/rule.js";
import { byBeginning, byName, mixed } from "./by-shape.js";
import { uuid } from "./shapes.js";

const jwt = "eyJ[A-Za-z0-9_-]{16,512}\\.[A-Za-z0-9_-]{16,1024}\\.[A-Za-z0-9_-]{16,1024}";

export const workplaceRules: readonly Rule[] = [
  byBeginning(
    { detector: "linear-api-key", about: "Linear key or token" },
    ["lin_api_", "lin_oauth_", "lin_wh_"],
    "[A-Za-z0-9]{32,64}",
  ),
  byName(
    { detector: "linear-client-secret", about: "Linear client secret" },
    ["linear"],
    "[0-9a-f]{32}",
  ),
  byBeginning(
    { detector: "notion-token", about: "Notion token" },
    ["ntn_"],
    "[0-9]{9,13}[A-Za-z0-9]{33,40}",
  ),
  byBeginning(
    { detector: "notion-token", about: "Notion token of old", accept: mixed },
    ["secret_"],
    "(?<secret>[A-Za-z0-9]{43})",
  ),
  byName(
    { detector: "monday-token", about: "monday.com token" },
    ["monday_", "monday.", "mondayapi"],
    jwt,
  ),
  byName(
    { detector: "miro-token", about: "Miro token", accept: mixed },
    ["miro_"],
    "[a-z0-9_-]{27,64}",
  ),
  byName({ detector: "trello-api-key", about: "Trello key" }, ["trello"], "[0-9a-f]{32}"),
  byName(
    { detector: "trello-token", about: "Trello token" },
    ["trello"],
    "(?:ATTA[0-9a-f]{72}|[0-9a-f]{64})",
  ),
  byBeginning({ detector: "trello-token", about: "Trello token" }, ["ATTA"], "[0-9a-f]{72}"),
  byName({ detector: "todoist-token", about: "Todoist token" }, ["todoist"], "[0-9a-f]{40}"),
  byName({ detector: "toggl-token", about: "Toggl token" }, ["toggl"], "[0-9a-f]{32}"),
  byName(
    { detector: "pivotal-token", about: "Pivotal Tracker token" },
    ["pivotal"],
    "[0-9a-f]{32}",
  ),
  byName(
    { detector: "shortcut-token", about: "Shortcut token" },
    ["shortcut_", "clubhouse_"],
    uuid,
  ),
  byName(
    { detector: "smartsheet-token", about: "Smartsheet token", accept: mixed },
    ["smartsheet"],
    "(?:[a-z0-9]{37}|[a-z0-9]{26})",
  ),
  byName({ detector: "wrike-token", about: "Wrike token" }, ["wrike"], "eyJ[a-z0-9_.-]{60,512}"),
  {
    detector: "zapier-webhook",
    about: "Zapier webhook",
    keywords: ["https://hooks.zapier.com/hooks/catch/"],
    anyCase: true,
    pattern: "https://(?<secret>hooks\\.zapier\\.com/hooks/catch/[0-9]{4,12}/[a-z0-9]{5,10}/?)",
  },
  {
    detector: "make-webhook",
    about: "Make webhook",
    keywords: ["https://hook."],
    anyCase: true,
    pattern:
      "https://(?<secret>hook\\.(?:[a-z0-9]{2,4}\\.)?(?:make|integromat)\\.com/[a-z0-9]{28,40})",
  },
  byName({ detector: "n8n-api-key", about: "n8n key" }, ["n8n"], jwt),
  byBeginning({ detector: "pipedream-key", about: "Pipedream key" }, ["pd_"], "[0-9a-f]{32}"),
  byBeginning({ detector: "retool-token", about: "Retool token" }, ["retool_"], "[a-z0-9]{26,40}"),
  byBeginning(
    { detector: "ramp-token", about: "Ramp secret" },
    ["ramp_sec_"],
    "[A-Za-z0-9]{32,64}",
  ),
  byName(
    { detector: "quip-token", about: "Quip token", accept: mixed },
    ["quip_", "quipapi"],
    "[a-z0-9+/=|]{64,128}",
  ),
  byName(
    { detector: "sharepoint-secret", about: "SharePoint client secret", accept: mixed },
    ["sharepoint"],
    "[a-z0-9+/]{43}=",
  ),
  byName(
    { detector: "scrapfly-key", about: "Scrapfly key", accept: mixed },
    ["scrapfly"],
    "scp-(?:live|test)-[0-9a-f]{32}",
  ),
  byBeginning(
    { detector: "scrapfly-key", about: "Scrapfly key" },
    ["scp-live-", "scp-test-"],
    "[0-9a-f]{32}",
  ),
  byName({ detector: "zeplin-token", about: "Zeplin token" }, ["zeplin"], jwt),
  byName(
    { detector: "lokalise-token", about: "Lokalise token", accept: mixed },
    ["lokalise"],
    "[0-9a-f]{40}",
  ),
  byBeginning(
    { detector: "tolgee-key", about: "Tolgee key" },
    ["tgpat_", "tgpak_"],
    "[a-z0-9_]{40,80}",
  ),
  byName(
    { detector: "transifex-token", about: "Transifex token" },
    ["transifex", "tx_token"],
    "1/[0-9a-f]{40}",
  ),
  byName(
    { detector: "rippling-token", about: "Rippling token", accept: mixed },
    ["rippling"],
    "[a-z0-9_=-]{40,200}",
  ),
  byName(
    { detector: "workday-secret", about: "Workday client secret", accept: mixed },
    ["workday"],
    "[a-z0-9]{60,100}",
  ),
  byBeginning({ detector: "tally-api-key", about: "Tally key" }, ["tly-"], "[A-Za-z0-9]{32,48}"),
  {
    detector: "react-app-secret",
    about: "Password, secret or key that a React build takes in",
    keywords: ["react_app_"],
    anyCase: true,
    pattern:
      "REACT_APP_\\w{0,40}(?:PASS|PASSWORD|PASSWD|SECRET|TOKEN|KEY|PRIVATE)[A-Z_]{0,16}[ \\t]{0,4}[=:][ \\t]{0,4}[\"']?(?<secret>[^\\s\"'`,;#]{6,512})",
    // A password may be a word; what stands for a value is none.
    accept: (secret) => !/^(?:process\.env|import\.meta|\$|<|%)|^your|[xX*.]{4}/.test(secret),
  },
];
