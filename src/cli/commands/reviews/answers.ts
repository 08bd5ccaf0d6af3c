/**
 * `hoopx approve` and `hoopx deny`: the rows of the answers to a review.
 */

import { profileOption } from "../../login/profile-option.js";
import { parseScope } from "../../parse.js";
import type { ArgumentSpec, CommandSpec, OptionSpec } from "../command.js";

const reviewArgument: ArgumentSpec = {
  name: "review",
  description: "a review's id, or its beginning",
  complete: "review",
};

const commentOption: OptionSpec = {
  flags: "--comment <text>",
  description: "a message to the requester",
};

export const approve: CommandSpec = {
  name: "approve",
  summary: "Approve a pending review; without an id, open the inbox",
  description:
    "Without an id it opens the inbox: pending reviews, live, with who asks, with which\n" +
    "program, by which rule and with what body (? there shows its keys).\n\n" +
    "What is sent is byte for byte what was shown. Exits 8 where the rule wants more\n" +
    "reviewers, 3 where you may not review it, or are inside a run: an agent\n" +
    "cannot approve itself.",
  arguments: [{ ...reviewArgument, optional: true }],
  options: [
    {
      flags: "--for <scope>",
      description:
        "once (the default), session, or a duration such as 15m: what else this very rule\n" +
        "wants reviewed of the same action or tool on the same connection is let go for\n" +
        "so long (never more than the rule allows)",
      parse: parseScope,
    },
    commentOption,
    profileOption,
  ],
  examples: [
    "hoopx approve",
    "hoopx approve rev_4k2m",
    "hoopx approve rev_4k2m --for 15m --comment 'looks fine'",
  ],
  load: () => import("../approve.js"),
};

export const deny: CommandSpec = {
  name: "deny",
  summary: "Deny a pending review",
  arguments: [reviewArgument],
  options: [commentOption, profileOption],
  examples: ["hoopx deny rev_4k2m --comment 'not the customer list'"],
  load: () => import("../deny.js"),
};
