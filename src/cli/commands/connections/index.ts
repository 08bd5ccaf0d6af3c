/**
 * `hoopx connections`: the rows of its commands. A key comes by prompt, stdin,
 * variable or command; there is no option that takes one.
 */
import {
  type CredentialKindRow,
  credentialKindNames,
  credentialKinds,
  credentialSettings,
} from "../../../contract/credential-kinds.js";
import { type ArgumentSpec, type CommandSpec, type OptionSpec, yesOption } from "../command.js";
import { flagOf } from "./describe.js";

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

/** Of each setting of every kind; `add` says which of them its kind takes. */
const settingOptions: readonly OptionSpec[] = Object.entries(credentialSettings).map(
  ([setting, description]) => ({
    flags: `${flagOf(setting)} <${setting.toLowerCase().endsWith("url") ? "url" : "value"}>`,
    description,
    ...(setting === "subjectToken" && { choices: ["id_token", "access_token"] }),
  }),
);

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
      summary: "Add a connection and say how its credential is obtained",
      description:
        "A permanent key (static-key) goes into the OS keychain, or with --secret-store\n" +
        "file into a sealed file. It is asked for without showing it, unless one of the\n" +
        "--secret options says where it is.\n\n" +
        "Every other kind gets a short-lived credential when one is needed, mostly for\n" +
        "who is logged in, and stores no key:\n" +
        kindLines(),
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
          choices: credentialKindNames,
          fallback: "static-key",
        },
        ...settingOptions,
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
        "hoopx connections add openai --credential openai-workload --identity-provider-id idp_1 --service-account-id sa_1",
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
      summary: "Ask the upstream one cheap question, and say what it was asked with",
      arguments: [name],
      examples: ["hoopx connections test openai"],
      load: () => import("./test.js"),
    },
    {
      name: "default",
      summary: "Choose the connection of a provider that runs get which name none",
      description: "Without a choice it is the first that was added.",
      arguments: [name],
      examples: ["hoopx connections default openai-eu"],
      load: () => import("./default.js"),
    },
    {
      name: "remove",
      summary: "Remove a connection and its key",
      arguments: [name],
      options: [yesOption],
      examples: ["hoopx connections remove openai", "hoopx connections remove openai --yes"],
      load: () => import("./remove.js"),
    },
  ],
};

/** What each kind needs, a line each. */
function kindLines(): string {
  return credentialKindNames
    .filter((kind) => kind !== "static-key")
    .map((kind) => {
      const { required }: CredentialKindRow = credentialKinds[kind];
      return `  ${[kind, ...required.map(flagOf)].join(" ")}`;
    })
    .join("\n");
}
