/**
 * `hoopx grants`: the rows of its commands.
 */
import { parseCount } from "../../parse.js";
import { type CommandSpec, yesOption } from "../command.js";

const list: CommandSpec = {
  name: "list",
  summary: "List grants, newest first",
  options: [
    {
      flags: "-L, --limit <number>",
      description: "how many at most",
      parse: parseCount("--limit"),
      fallback: 30,
    },
  ],
  examples: ["hoopx grants", "hoopx grants --json"],
  load: () => import("./list.js"),
};

export const grants: CommandSpec = {
  ...list,
  name: "grants",
  summary: "List what approvals allow from now on, and take it back",
  commands: [
    list,
    {
      name: "revoke",
      summary: "Take a grant back: what it covered needs a review again",
      arguments: [{ name: "id", description: "a grant's id, or its beginning", complete: "grant" }],
      options: [yesOption],
      examples: ["hoopx grants revoke gra_4k2m", "hoopx grants revoke gra_4k2m --yes"],
      load: () => import("./revoke.js"),
    },
  ],
};
