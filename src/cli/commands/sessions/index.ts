/**
 * `hoopx sessions`: the rows of its commands.
 */
import { parseCount } from "../../parse.js";
import type { ArgumentSpec, CommandSpec } from "../command.js";

const id: ArgumentSpec = {
  name: "id",
  description: "a session's id, its beginning, or last",
  complete: "session",
};

const list: CommandSpec = {
  name: "list",
  summary: "List sessions, newest first",
  options: [
    {
      flags: "-L, --limit <number>",
      description: "how many at most",
      parse: parseCount("--limit"),
      fallback: 30,
    },
    { flags: "--since <time>", description: "started since: 30m, 2h, 7d, or a date" },
    {
      flags: "--status <status>",
      description: "only those of this status",
      choices: ["active", "ended", "revoked", "expired"],
    },
    { flags: "--identity <text>", description: "only of this person: part of the name or e-mail" },
    { flags: "--search <text>", description: "only with this in title, command, labels or id" },
  ],
  examples: [
    "hoopx sessions",
    "hoopx sessions --since 7d --status active",
    "hoopx sessions --search triage --json",
  ],
  load: () => import("./list.js"),
};

export const sessions: CommandSpec = {
  ...list,
  name: "sessions",
  summary: "List sessions, show what one did, revoke it",
  commands: [
    list,
    {
      name: "show",
      summary: "Show a session and its exchanges",
      arguments: [id],
      examples: ["hoopx sessions show last", "hoopx sessions show ses_4k2m --json"],
      load: () => import("./show.js"),
    },
    {
      name: "revoke",
      summary: "Make a session's token worthless, at once",
      arguments: [id],
      examples: ["hoopx sessions revoke last"],
      load: () => import("./revoke.js"),
    },
  ],
};
