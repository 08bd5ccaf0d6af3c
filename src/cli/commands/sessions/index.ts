/**
 * `hoopx sessions`: the rows of its commands.
 */
import { outcomes } from "../../../contract/outcome.js";
import { parseCount, parseDollars, parseDuration } from "../../parse.js";
import { type ArgumentSpec, type CommandSpec, yesOption } from "../command.js";

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
    {
      flags: "--search <text>",
      description: "only with these words: in title, command, labels, id, or in what was said",
    },
    { flags: "--model <glob>", description: "only those that used such a model: gpt-4*" },
    { flags: "--tool <name>", description: "only those with this tool, declared or called" },
    {
      flags: "--denied",
      description: "only those in which something was denied, or a review got no answer",
    },
    {
      flags: "--outcome <outcome>",
      description: "only those with an exchange that went so",
      choices: [...outcomes],
    },
    { flags: "--masked", description: "only those in which something was masked" },
    {
      flags: "--cost-over <usd>",
      description: "only those that cost more, US dollars",
      parse: parseDollars,
    },
    { flags: "--watch", description: "show them as they start, change and end; Ctrl-C ends" },
  ],
  examples: [
    "hoopx sessions",
    "hoopx sessions --since 7d --status active",
    "hoopx sessions --search 'refund \"order number\" invoic*'",
    "hoopx sessions --since 7d --denied --tool shell --json",
    "hoopx sessions --watch",
  ],
  load: () => import("./list.js"),
};

export const sessions: CommandSpec = {
  ...list,
  name: "sessions",
  summary: "List sessions, show and export what one did, revoke it, verify the record",
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
      name: "outside",
      summary: "List exchanges of no session: tests of connections, requests without its token",
      description:
        "Each call with a connection's credential is in the record. connections test and\n" +
        "doctor, asked for by a person, belong to no session; nor does a request whose token\n" +
        "no session has, which is refused.",
      options: [
        {
          flags: "-L, --limit <number>",
          description: "how many at most",
          parse: parseCount("--limit"),
          fallback: 30,
        },
      ],
      examples: ["hoopx sessions outside", "hoopx sessions outside --json"],
      load: () => import("./outside.js"),
    },
    {
      name: "revoke",
      summary: "Make a session's token worthless, at once",
      arguments: [id],
      options: [yesOption],
      examples: ["hoopx sessions revoke last", "hoopx sessions revoke ses_4k2m --yes"],
      load: () => import("./revoke.js"),
    },
    {
      name: "export",
      summary: "Write a session in another form: for an issue, a browser, another record",
      description:
        "jsonl is all of it, signed, and can be imported again; har opens in browser tools;\n" +
        "markdown is fit for an issue; html is one page with a player; otel is a trace of\n" +
        "spans; asciicast is a terminal recording. What was masked stays masked in each.",
      arguments: [id],
      options: [
        {
          flags: "--format <format>",
          description: "what to write",
          choices: ["jsonl", "har", "markdown", "html", "otel", "asciicast"],
          fallback: "jsonl",
        },
        {
          flags: "-o, --output <file>",
          description: "a file, instead of stdout",
          complete: "file",
        },
        { flags: "--force", description: "replace an existing file" },
        {
          flags: "--width <columns>",
          description: "columns of an asciicast's terminal",
          parse: parseCount("--width", "100"),
          fallback: 80,
        },
      ],
      examples: [
        "hoopx sessions export last --format markdown",
        "hoopx sessions export last --format html --output run.html",
        "hoopx sessions export ses_4k2m > run.jsonl",
      ],
      load: () => import("./export.js"),
    },
    {
      name: "import",
      summary: "Put a session that was exported as jsonl into this record",
      description:
        "All of the file is checked first: an edited one is refused, with the line. The\n" +
        "session keeps its ids; its approvals permit nothing here.",
      arguments: [
        { name: "file", description: "what export wrote; - for stdin", complete: "file" },
      ],
      examples: ["hoopx sessions import run.jsonl"],
      load: () => import("./import.js"),
    },
    {
      name: "verify",
      summary: "Check that the record is as it was written; exit 1 where it is not",
      description:
        "Names each record that was edited, taken out, put in or moved since it was\n" +
        "written, and an end that was cut off. Without ID all of the record is looked at.",
      arguments: [{ ...id, optional: true }],
      options: [
        {
          flags: "--head <place:hash>",
          description: "a head that was kept elsewhere: the record has to contain it",
        },
        { flags: "--file <path>", description: "another record's file", complete: "file" },
      ],
      examples: [
        "hoopx sessions verify",
        "hoopx sessions verify last --json",
        "hoopx sessions verify --file backup/hoopx.db",
      ],
      load: () => import("./verify.js"),
    },
    {
      name: "accept",
      summary: "Go on with the record as it is, after a copy of it was restored",
      description:
        "The secret store keeps the head of the record that was sealed last. A record that\n" +
        "does not go on from it (restored from a copy, begun again, or altered) is named and\n" +
        "not signed until a person accepts it. verify shows afterwards what was accepted.",
      options: [{ ...yesOption, description: "do not ask; needed without a terminal" }],
      examples: ["hoopx sessions verify", "hoopx sessions accept --yes"],
      load: () => import("./accept.js"),
    },
    {
      name: "prune",
      summary: "Take old sessions out of the record",
      description:
        "Only sessions that are over. What was taken out is signed and in the record's\n" +
        "chain, so that the rest still verifies.",
      options: [
        {
          flags: "--older-than <duration>",
          description: "over for so long: 12h, 90d",
          parse: parseDuration("--older-than", "90d"),
        },
        { flags: "--dry-run", description: "say what would leave, and take nothing" },
        yesOption,
      ],
      examples: [
        "hoopx sessions prune --older-than 90d --dry-run",
        "hoopx sessions prune --older-than 90d",
      ],
      load: () => import("./prune.js"),
    },
  ],
};
