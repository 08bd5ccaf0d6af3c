/**
 * The command table: everything `hoopx` can be asked. A new command is one row
 * here (or in its group's index) and one module.
 */

import { profileOption } from "../login/profile-option.js";
import { parseDuration } from "../parse.js";
import { type CommandSpec, yesOption } from "./command.js";
import { connections } from "./connections/index.js";
import { daemon } from "./daemon/index.js";
import { grants } from "./grants/index.js";
import { mask } from "./mask/index.js";
import { policy } from "./policy/index.js";
import { replay } from "./replay/index.js";
import { approve, deny } from "./reviews/answers.js";
import { reviews } from "./reviews/index.js";
import { sessions } from "./sessions/index.js";

const login: CommandSpec = {
  name: "login",
  summary: "Log in, so that sessions belong to you",
  description:
    "Shows a code and where to enter it (RFC 8628); with --browser the login is in a\n" +
    "browser on this machine. The issuer and client are remembered by the profile,\n" +
    "the refresh token is in the keychain, and access tokens are in the daemon's\n" +
    "memory only.\n\n" +
    "Workloads bring a proof of their own: an ID token in a file or variable, that\n" +
    "of a GitHub Actions job, or a client's private key. Nothing of them is stored.\n\n" +
    "With --json: a line with what to show, and a last line with the identity.",
  options: [
    { flags: "--issuer <url>", description: "the identity provider" },
    { flags: "--client-id <id>", description: "the id under which hoopx is registered there" },
    {
      flags: "--scope <scopes>",
      description: "what to ask for (openid profile email offline_access)",
    },
    {
      flags: "--audience <audience>",
      description: "whom tokens are for, where the provider is to know",
    },
    {
      flags: "--groups-claim <path>",
      description: "where groups are: a claim, a.path.in.one, or userinfo:CLAIM (default: groups)",
    },
    profileOption,
    { flags: "--browser", description: "log in with a browser on this machine" },
    { flags: "--no-open", description: "do not open the page in a browser" },
    {
      flags: "--id-token-file <file>",
      description: "a workload's ID token, read again when it changes",
      complete: "file",
    },
    {
      flags: "--id-token-env <name>",
      description: "a workload's ID token in this variable",
      complete: "variable",
    },
    { flags: "--github-actions", description: "the ID token of this GitHub Actions job" },
    {
      flags: "--client-key <file>",
      description: "the client's own private key, PEM or JWK",
      complete: "file",
    },
    {
      flags: "--secret-store <store>",
      description: "where the refresh token is kept (keychain, unless config.yaml says otherwise)",
      choices: ["keychain", "file"],
    },
    {
      flags: "--save",
      description: "remember a workload's settings in the profile; never a token",
    },
  ],
  examples: [
    "hoopx login --issuer https://id.example.com --client-id hoopx-cli",
    "hoopx login --browser",
    "hoopx login --github-actions --issuer https://token.actions.githubusercontent.com --audience hoopx",
  ],
  load: () => import("./login.js"),
};

const whoami: CommandSpec = {
  name: "whoami",
  summary: "Show who is logged in; exit 4 without a login",
  options: [profileOption, { flags: "--refresh", description: "renew the login first" }],
  examples: ["hoopx whoami", "hoopx whoami --refresh --json"],
  load: () => import("./whoami.js"),
};

const logout: CommandSpec = {
  name: "logout",
  summary: "Revoke the login and forget it",
  description:
    "The login is forgotten here in any case. Sessions that run go on to their end;\n" +
    "hoopx sessions revoke ends one at once.\n\n" +
    "Where the profile logged in (--issuer, --client-id …) is kept for the next login,\n" +
    "and hoopx run needs one until then. --forget forgets that too: runs belong to the\n" +
    "operating system's user again, unless config.yaml or a variable names an issuer.",
  options: [
    profileOption,
    { flags: "--all", description: "of every profile" },
    { flags: "--forget", description: "forget where it logged in, too" },
    yesOption,
  ],
  examples: [
    "hoopx logout",
    "hoopx logout --forget",
    "hoopx logout --all",
    "hoopx logout --all --yes",
  ],
  load: () => import("./logout.js"),
};

const run: CommandSpec = {
  name: "run",
  summary: "Run an agent without a key of its own",
  description:
    "Starts a session and runs CMD with the SDK's variables set to the daemon and\n" +
    "a session token; real keys are taken out of its environment. The session ends\n" +
    "with CMD, and hoopx exits as CMD did (128 and the signal's number where a\n" +
    "signal ended it, 126 or 127 where it could not be run).\n\n" +
    "stdout is CMD's alone: the summary goes to stderr, with --json as a line of\n" +
    "JSON.",
  arguments: [
    {
      name: "command",
      description: "the command and its arguments",
      variadic: true,
      complete: "command",
    },
  ],
  options: [
    {
      flags: "-c, --connection <name>",
      description: "a connection it may use (again for more; default: all)",
      repeat: true,
      complete: "connection",
    },
    {
      flags: "--ttl <duration>",
      description: "how long its session token lives at most",
      parse: parseDuration("--ttl"),
      fallback: "1h",
    },
    profileOption,
    { flags: "--title <text>", description: "a title for the record" },
    {
      flags: "--label <key=value>",
      description: "a label for the record (again for more)",
      repeat: true,
    },
    {
      flags: "--keep-env <name>",
      description: "pass a variable on that holds a provider's key (again for more)",
      repeat: true,
    },
    { flags: "--no-bell", description: "do not ring the bell when a review waits" },
    { flags: "--no-notify", description: "do not show on the desktop that a review waits" },
  ],
  examples: [
    "hoopx run -- node agent.js",
    "hoopx run --connection openai --ttl 15m -- python agent.py",
    'hoopx run --title "nightly triage" --label team=support -- npm run agent',
  ],
  passThrough: true,
  foreignStdout: true,
  load: () => import("./run.js"),
};

const tail: CommandSpec = {
  name: "tail",
  summary: "Watch exchanges as they happen",
  description:
    "Shows a line for each exchange once it is answered, until Ctrl-C; on a\n" +
    "terminal the replies too, while they come. With a session's ID it shows that\n" +
    "session only and ends with it. With --json: one event a line.",
  arguments: [
    {
      name: "id",
      description: "a session's id, its beginning, or last",
      optional: true,
      complete: "session",
    },
  ],
  options: [{ flags: "--text", description: "with --json: replies too, in pieces as they come" }],
  examples: ["hoopx tail", "hoopx tail last", "hoopx tail --json --text | jq .type"],
  load: () => import("./tail.js"),
};

const doctor: CommandSpec = {
  name: "doctor",
  summary: "Check that everything works",
  description:
    "Checks daemon, settings, keychain, process check, identity provider, policy, each\n" +
    "connection with its credential, and the clock, and says what mends each. With CMD:\n" +
    "runs it in a session and looks whether its SDK goes through hoopx (what it prints\n" +
    "goes to stderr). Exits 1 where something fails; a warning (!) fails nothing.",
  arguments: [
    {
      name: "command",
      description: "a command to run, and its arguments",
      variadic: true,
      optional: true,
      complete: "command",
    },
  ],
  options: [
    {
      flags: "-c, --connection <name>",
      description: "a connection to check, and for CMD to use (again for more; default: all)",
      repeat: true,
      complete: "connection",
    },
    profileOption,
  ],
  examples: [
    "hoopx doctor",
    "hoopx doctor --json",
    "hoopx doctor -- node agent.js",
    "hoopx doctor --connection openai-eu -- node agent.js",
  ],
  passThrough: true,
  load: () => import("./doctor.js"),
};

const completion: CommandSpec = {
  name: "completion",
  summary: "Print the completion script of a shell",
  description:
    "To have it in each new shell:\n\n" +
    "bash, in ~/.bashrc:\n" +
    '  eval "$(hoopx completion bash)"\n\n' +
    "zsh, in ~/.zshrc after compinit:\n" +
    '  eval "$(hoopx completion zsh)"\n\n' +
    "fish, once:\n" +
    "  hoopx completion fish > ~/.config/fish/completions/hoopx.fish\n\n" +
    "PowerShell, in $PROFILE:\n" +
    "  hoopx completion powershell | Out-String | Invoke-Expression",
  arguments: [
    {
      name: "shell",
      description: "bash, zsh, fish or powershell",
      choices: ["bash", "zsh", "fish", "powershell"],
    },
  ],
  examples: ['eval "$(hoopx completion bash)"'],
  load: () => import("./completion.js"),
};

const complete: CommandSpec = {
  name: "__complete",
  summary: "Candidates for the word under the cursor",
  arguments: [{ name: "words", description: "the line so far", variadic: true, optional: true }],
  examples: [],
  passThrough: true,
  hidden: true,
  // It knows every command, itself too.
  load: async () => (await import("./complete.js")).completing(commands),
};

/** All commands, in the order that help shows them. */
export const commands: readonly CommandSpec[] = [
  login,
  whoami,
  logout,
  run,
  connections,
  approve,
  deny,
  reviews,
  grants,
  sessions,
  tail,
  replay,
  mask,
  policy,
  daemon,
  doctor,
  completion,
  complete,
];
