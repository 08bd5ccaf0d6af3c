/** Tokens of notes, boards and automation are found. */
import { workplaceRules } from "../../../../src/daemon/masking/rules/workplace.js";
import { invented } from "../../../support/invented.js";
import { testRules } from "../../../support/rule-cases.js";

const { digits, hex, lower, mixed } = invented;

testRules(workplaceRules, {
  found: [
    ["linear-api-key", `lin_${"api_"}${mixed(40)}`, "LINEAR_API_KEY=§"],
    ["linear-client-secret", hex(32), "linear_client_secret: §"],
    ["notion-token", `ntn_${digits(11)}${mixed(35)}`, "§"],
    ["notion-token", mixed(43), "secret_§"],
    ["trello-token", `ATTA${hex(72)}`, "§"],
    ["trello-api-key", hex(32), "TRELLO_KEY=§"],
    ["todoist-token", hex(40), "todoist_token: §"],
    ["zapier-webhook", `hooks.zapier.com/hooks/catch/${digits(7)}/${lower(7)}/`, "POST https://§"],
    ["make-webhook", `hook.eu1.make.com/${lower(32)}`, "https://§"],
    ["react-app-secret", "whiteduke", "REACT_APP_AUTH_PASSWORD=§"],
  ],
  none: [
    "a linear function of x",
    "secret_santa_list_of_the_team_in_december_2024",
    "REACT_APP_API_KEY=process.env.KEY",
    "const password = process.env.REACT_APP_DEV_PASSWORD || 'not-set'",
    "REACT_APP_TOKEN=<your token>",
  ],
});
