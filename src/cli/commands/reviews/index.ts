/**
 * `hoopx reviews`: the rows of its commands.
 */
import { parseCount, parseDuration, parsePieces } from "../../parse.js";
import type { ArgumentSpec, CommandSpec } from "../command.js";

const id: ArgumentSpec = {
  name: "id",
  description: "a review's id, or its beginning",
  complete: "review",
};

const list: CommandSpec = {
  name: "list",
  summary: "List reviews: those that wait first, all of them",
  description:
    "Then the others, newest first. With --watch: those that wait, then each as it is\n" +
    "opened or answered, until Ctrl-C; with --json one event a line.",
  options: [
    { flags: "-w, --watch", description: "go on, and show what happens" },
    {
      flags: "--status <status>",
      description:
        "only those of this status; denied and denied-by-reviewer are the same, and so are\n" +
        "cancelled and cut",
      choices: [
        ...["pending", "approved", "denied", "denied-by-reviewer"],
        ...["expired", "cancelled", "cut"],
      ],
    },
    { flags: "--session <id>", description: "only of this session", complete: "session" },
    {
      flags: "-L, --limit <number>",
      description: "how many at most of those that do not wait any more",
      parse: parseCount("--limit"),
      fallback: 30,
    },
  ],
  examples: [
    "hoopx reviews --status pending",
    "hoopx reviews --watch",
    "hoopx reviews --watch --json | jq -r .review.id",
  ],
  load: () => import("./list.js"),
};

export const reviews: CommandSpec = {
  ...list,
  name: "reviews",
  summary: "List pending reviews, and answered ones",
  commands: [
    list,
    {
      name: "show",
      summary: "Show a review and what it is about",
      description:
        "Shows who asks, which rule wants the review, what the request adds to the last\n" +
        "approved one of its session, and its body or the tool call as it will be sent.\n" +
        "Secrets in it are hidden, each with its length; --reveal shows them to a person\n" +
        "outside of runs.",
      arguments: [id],
      options: [
        {
          flags: "--reveal [pieces]",
          description: "show what is hidden: all of it, or pieces by number (1,3)",
          parse: parsePieces,
        },
      ],
      examples: [
        "hoopx reviews show rev_4k2m",
        "hoopx reviews show rev_4k2m --reveal 1",
        "hoopx reviews show rev_4k2m --json",
      ],
      load: () => import("./show.js"),
    },
    {
      name: "wait",
      summary: "Wait for a review's answer; exit 3 where it is no, 8 where none came",
      arguments: [id],
      options: [
        {
          flags: "--timeout <duration>",
          description: "how long to wait at most (default: until it is answered or expires)",
          parse: parseDuration("--timeout"),
        },
      ],
      examples: ["hoopx reviews wait rev_4k2m --timeout 5m"],
      load: () => import("./wait.js"),
    },
  ],
};
