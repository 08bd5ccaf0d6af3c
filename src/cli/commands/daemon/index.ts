/**
 * `hoopx daemon`: the rows of its commands.
 */
import { parseCount } from "../../parse.js";
import type { CommandSpec } from "../command.js";

export const daemon: CommandSpec = {
  name: "daemon",
  summary: "Start, stop and look at the daemon",
  description: "Commands that need the daemon start it; there is seldom a need to do so by\nhand.",
  examples: ["hoopx daemon status", "hoopx daemon logs -f"],
  commands: [
    {
      name: "start",
      summary: "Start the daemon, unless it runs",
      examples: ["hoopx daemon start"],
      load: () => import("./start.js"),
    },
    {
      name: "stop",
      summary: "Finish what streams, then stop the daemon",
      description: "A `hoopx run` that is still going starts it again.",
      examples: ["hoopx daemon stop"],
      load: () => import("./stop.js"),
    },
    {
      name: "restart",
      summary: "Stop the daemon and start it again; sessions go on",
      examples: ["hoopx daemon restart"],
      load: () => import("./restart.js"),
    },
    {
      name: "status",
      summary: "Show the daemon that runs; exit 1 where none does",
      examples: ["hoopx daemon status", "hoopx daemon status --json"],
      load: () => import("./status.js"),
    },
    {
      name: "logs",
      summary: "Show the daemon's log",
      description: "With --json: the log's own lines, one object each.",
      options: [
        { flags: "-f, --follow", description: "go on as the log grows, until Ctrl-C" },
        {
          flags: "-n, --lines <number>",
          description: "how many lines from the end",
          parse: parseCount("--lines"),
          fallback: 50,
        },
      ],
      examples: ["hoopx daemon logs -n 200", "hoopx daemon logs -f"],
      load: () => import("./logs.js"),
    },
  ],
};
