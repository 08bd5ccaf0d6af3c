/**
 * `hoopx policy`: the rows of its commands.
 */
import { parseAmount, parseCount } from "../../parse.js";
import type { CommandSpec, OptionSpec } from "../command.js";

const file: OptionSpec = {
  flags: "--file <file>",
  description: "this policy file instead of what is in force",
  complete: "file",
};

const check: CommandSpec = {
  name: "check",
  summary: "Look for mistakes in a policy file",
  description:
    "Says file, line, column and reason of everything wrong: what does not parse, words\n" +
    "that mean nothing, rules that can never match, and rules that a stricter one\n" +
    "always overrules. It warns where no rule allows inference. Without FILE: the files\n" +
    "in force, as they are on disk now. Exits 1 where it finds a mistake.",
  arguments: [
    { name: "file", description: "the file to look at", optional: true, complete: "file" },
  ],
  examples: ["hoopx policy check", "hoopx policy check new.yaml --json"],
  load: () => import("./check.js"),
};

const explain: CommandSpec = {
  name: "explain",
  summary: "Say which rule decides a request, and why each does or does not match",
  description:
    "EXCHANGE is the id of a recorded one; without it the request is described by the\n" +
    "options, and everything else is as in an ordinary request of yours. Exits\n" +
    "3 where the verdict is deny, of the request or of a tool call in its reply.",
  arguments: [{ name: "exchange", description: "the id of a recorded exchange", optional: true }],
  options: [
    {
      flags: "--operation <operation>",
      description: 'an action, or a method and path: files.delete, "DELETE /v1/files/file-1"',
    },
    { flags: "-c, --connection <name>", description: "on this connection", complete: "connection" },
    { flags: "--model <model>", description: "for this model" },
    {
      flags: "--prompt <text>",
      description: "a text the model will read (again for more)",
      repeat: true,
    },
    {
      flags: "--tool <name>",
      description: "a tool it declares (again for more)",
      repeat: true,
    },
    { flags: "--tool-call <name>", description: "the reply asks for this tool" },
    { flags: "--arguments <json>", description: "with these arguments" },
    { flags: "--identity <who>", description: "asked by this subject or e-mail address" },
    { flags: "--issuer <url>", description: "whom this issuer knows" },
    { flags: "--group <name>", description: "who is in this group (again for more)", repeat: true },
    { flags: "--command <command>", description: "from a run of this command" },
    { flags: "--host <host>", description: "on this host" },
    { flags: "--ci <system>", description: "in a job of this CI system" },
    { flags: "--stream", description: "the reply is to be streamed" },
    { flags: "--store", description: "the provider is to store it" },
    { flags: "--background", description: "the provider is to work on it in the background" },
    {
      flags: "--bytes <number>",
      description: "the size of its body",
      parse: parseCount("--bytes", "1000"),
    },
    { flags: "--at <time>", description: "at this time, ISO 8601 (now)" },
    {
      flags: "--requests <number>",
      description: "after so many requests",
      parse: parseAmount("--requests"),
    },
    {
      flags: "--tokens <number>",
      description: "after so many tokens were spent",
      parse: parseAmount("--tokens"),
    },
    {
      flags: "--cost <dollars>",
      description: "after so much was spent, estimated",
      parse: parseAmount("--cost"),
    },
    file,
  ],
  examples: [
    "hoopx policy explain exc_01kb7x2m9q4ct",
    "hoopx policy explain --operation files.delete --group engineering",
    'hoopx policy explain --operation responses.create --prompt "drop table users" --file new.yaml',
    'hoopx policy explain --operation responses.create --tool-call shell --arguments \'{"cmd":"rm -rf /"}\'',
  ],
  load: () => import("./explain.js"),
};

const test: CommandSpec = {
  name: "test",
  summary: "Run a policy over recorded exchanges and show what would change",
  description:
    "Reads each recorded request again and holds it to the policy, in the order they\n" +
    "came: nothing is sent and nothing is changed. Budgets count from the first\n" +
    "exchange that is read.",
  options: [
    { flags: "--since <time>", description: "exchanges since: 2h, 7d, or a date", fallback: "30d" },
    file,
  ],
  examples: ["hoopx policy test --file new.yaml", "hoopx policy test --since 7d --json"],
  load: () => import("./test.js"),
};

const suggest: CommandSpec = {
  name: "suggest",
  summary: "Write the narrowest rules that would have allowed what a session did",
  description:
    "Prints a policy file that hoopx policy check accepts: one rule for each operation\n" +
    "and connection that the session used, for its identity, with the models and tools\n" +
    "that it named. Read it before you use it: it allows what was done, good or bad.",
  arguments: [
    {
      name: "session",
      description: "a session's id, its beginning, or last (the newest, re-runs left out)",
      optional: true,
      complete: "session",
    },
  ],
  examples: ["hoopx policy suggest", "hoopx policy suggest ses_4k2m > new.yaml"],
  load: () => import("./suggest.js"),
};

const init: CommandSpec = {
  name: "init",
  summary: "Write a first policy file to edit",
  description:
    "The file decides as the built-in rules do: it allows reads and inference, and asks\n" +
    "a person before writes and administration. An existing file is not overwritten.",
  examples: ["hoopx policy init"],
  load: () => import("./init.js"),
};

export const policy: CommandSpec = {
  name: "policy",
  summary: "Show the policy in force, check it, explain it, try it on the record",
  examples: ["hoopx policy", "hoopx policy check", "hoopx policy explain exc_01kb7x2m9q4ct"],
  load: () => import("./show.js"),
  commands: [init, check, explain, test, suggest],
};
