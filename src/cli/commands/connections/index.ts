/**
 * `hoopx connections`: the rows of its commands. A key comes by prompt, stdin,
 * variable or command; there is no option that takes one.
 */
import type { ArgumentSpec, CommandSpec, OptionSpec } from "../command.js";

const name: ArgumentSpec = {
  name: "name",
  description: "the connection's name",
  complete: "connection",
};

const secretOptions: readonly OptionSpec[] = [
  { flags: "--secret-stdin", description: "read the key from stdin" },
  {
    flags: "--secret-env <name>",
    description: "read the key from the environment variable of this name",
    complete: "variable",
  },
  {
    flags: "--secret-command <command>",
    description: "read the key from the first line that a shell command prints",
  },
];

const list: CommandSpec = {
  name: "list",
  summary: "List connections",
  examples: ["hoopx connections", "hoopx connections --json"],
  load: () => import("./list.js"),
};

export const connections: CommandSpec = {
  ...list,
  name: "connections",
  summary: "List and change connections: the named upstreams and their keys",
  examples: [...list.examples, "hoopx connections add openai"],
  commands: [
    list,
    {
      name: "add",
      summary: "Add a connection and store its key",
      description:
        "The key goes into the OS keychain, or with --secret-store file into a sealed\n" +
        "file. It is asked for without showing it, unless one of the --secret options\n" +
        "says where it is.",
      arguments: [{ name: "name", description: "a name for it; a provider's name will do" }],
      options: [
        {
          flags: "--provider <provider>",
          description: "whose API it is (NAME, where that is a provider)",
          choices: ["openai"],
        },
        { flags: "--base-url <url>", description: "where it is (the provider's own, unless said)" },
        {
          flags: "--credential <kind>",
          description: "what is sent upstream",
          choices: ["static-key"],
          fallback: "static-key",
        },
        ...secretOptions,
        {
          flags: "--secret-store <store>",
          description: "where the key is kept (keychain, unless config.yaml says otherwise)",
          choices: ["keychain", "file"],
        },
        {
          flags: "--allow-private-network",
          description: "let the base URL be on a private network",
        },
      ],
      examples: [
        "hoopx connections add openai",
        "hoopx connections add openai --secret-env OPENAI_API_KEY",
        'hoopx connections add work --provider openai --secret-command "pass show openai"',
      ],
      load: () => import("./add.js"),
    },
    {
      name: "show",
      summary: "Show a connection; never its key",
      arguments: [name],
      examples: ["hoopx connections show openai"],
      load: () => import("./show.js"),
    },
    {
      name: "rotate",
      summary: "Replace a connection's key; agents go on with the new one",
      arguments: [name],
      options: secretOptions,
      examples: [
        "hoopx connections rotate openai",
        "hoopx connections rotate openai --secret-stdin < key",
      ],
      load: () => import("./rotate.js"),
    },
    {
      name: "test",
      summary: "Ask the upstream one cheap question with the stored key",
      arguments: [name],
      examples: ["hoopx connections test openai"],
      load: () => import("./test.js"),
    },
    {
      name: "remove",
      summary: "Remove a connection and its key",
      arguments: [name],
      examples: ["hoopx connections remove openai"],
      load: () => import("./remove.js"),
    },
  ],
};
