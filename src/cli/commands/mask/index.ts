/**
 * `hoopx mask`: its row of the command table.
 */
import type { CommandSpec } from "../command.js";

export const mask: CommandSpec = {
  name: "mask",
  summary: "Hide secrets in a file or a pipe",
  description:
    "Copies FILE, or stdin, to stdout with what the policy in force hides in replies\n" +
    "hidden here too: [masked:DETECTOR]#N, the same secret with the same number. Lines\n" +
    "go on as they come; bytes that are no text stay as they are.\n\n" +
    "--explain shows instead what was found: line, column, detector and what that\n" +
    "looks for, never the secret. With --json: the same, one object a line.",
  arguments: [
    {
      name: "file",
      description: "a file; stdin if none is given",
      optional: true,
      complete: "file",
    },
  ],
  options: [
    { flags: "--explain", description: "show what was found, where and why" },
    {
      flags: "--detectors <list>",
      description: "look for these only, separated by commas: secrets, email, card …",
    },
  ],
  examples: [
    "hoopx mask dump.sql > shareable.sql",
    "tail -f app.log | hoopx mask",
    "hoopx mask --explain --detectors secrets,personal notes.txt",
  ],
  load: () => import("./mask.js"),
};
