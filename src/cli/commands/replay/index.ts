/**
 * `hoopx replay`: its row of the command table.
 */
import { parseCount, parseSpeed } from "../../parse.js";
import { rerunOptions } from "../../rerun/options.js";
import type { CommandSpec } from "../command.js";

export const replay: CommandSpec = {
  name: "replay",
  summary: "Replay a session's conversation at its own pace",
  description:
    "On a terminal it opens a player: what was asked and answered, at the pace it\n" +
    "came (pauses longer than 3 seconds are cut to 3), with keys to pause, to go to a\n" +
    "turn, an exchange or a text, and to see the recorded frames; ? lists them.\n" +
    "Elsewhere it is text, at once, unless --speed is given.\n\n" +
    "With --diff: compares two runs turn by turn, ids and times aside, and exits 1\n" +
    "where they differ. With --json: one exchange a line, or one document with --diff.\n\n" +
    "With --serve (or a CMD) the agent runs again, against the record: each request\n" +
    "is answered as the same one was, and nothing leaves the machine. What counts as\n" +
    "the same is in docs/replay.md. Exits as CMD did, or 1 where a request was not in\n" +
    "the record. Without CMD it prints the variables to set for the agent, and serves\n" +
    "until Ctrl-C.",
  arguments: [
    { name: "id", description: "a session's id, its beginning, or last", complete: "session" },
    {
      name: "command",
      description: "an agent to run against the record, and its arguments",
      variadic: true,
      optional: true,
      complete: "command",
    },
  ],
  options: [
    {
      flags: "--exchange <number>",
      description: "only the exchange at this place, counted from 1; the player begins there",
      parse: parseCount("--exchange", "2"),
    },
    {
      flags: "--speed <factor>",
      description: "2 is twice as fast, 0.5 half as fast",
      parse: parseSpeed,
    },
    { flags: "--instant", description: "text, all at once, the same each time" },
    {
      flags: "--diff <session>",
      description: "compare with this session: an id, its beginning, or last",
      complete: "session",
    },
    ...rerunOptions,
  ],
  examples: [
    "hoopx replay last",
    "hoopx replay ses_4k2m --speed 4",
    "hoopx replay last --exchange 2 --instant",
    "hoopx replay ses_4k2m --diff last",
    "hoopx replay last --serve --report junit.xml -- node agent.js",
  ],
  load: () => import("./replay.js"),
};
