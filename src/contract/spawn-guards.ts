/**
 * Spawn guards: what the daemon refuses to be started with (SECURITY L8, S1),
 * and what the command line therefore takes for no daemon of hoopx's making.
 * It reads stored secrets, so nothing from outside may be loaded into it, attach
 * to it, or have it write down its memory or its connections' secrets. Node has
 * some hundred options and gets new ones, so those that are harmless are listed
 * and all others refused. No key may lie in its environment either, where every
 * process of the same user can read it for as long as the daemon lives.
 */
import { isKeyVariable, passphraseVariable } from "./key-variables.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Node's options that change how much memory it takes, whom it trusts as an authority, or what it warns of. */
const harmless = new Set([
  ...["--max-old-space-size", "--max-old-space-size-percentage", "--max-semi-space-size"],
  ...["--use-system-ca", "--use-openssl-ca", "--use-bundled-ca"],
  ...["--dns-result-order", "--network-family-autoselection", "--no-network-family-autoselection"],
  ...["--no-warnings", "--disable-warning", "--no-deprecation", "--title"],
  "--disable-sigusr1",
]);

/** Besides, as arguments: a profile names functions and holds no values; `bench` takes them. */
const profiling = new Set(["--cpu-prof", "--cpu-prof-dir", "--cpu-prof-interval"]);

/** Variables that make Node, OpenSSL or the system's loader log what is sent, load code, or trust anyone. */
const unwelcomeVariables = [
  ...["NODE_DEBUG", "NODE_DEBUG_NATIVE", "NODE_V8_COVERAGE", "NODE_PATH"],
  ...["NODE_TLS_REJECT_UNAUTHORIZED", "SSLKEYLOGFILE", "OPENSSL_CONF", "OPENSSL_MODULES"],
  ...["LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH"],
];

/** Why the daemon must not run like this: one sentence and its hint; undefined where nothing is wrong. */
export function spawnObjection(
  environment: Environment,
  execArgv: readonly string[],
): { readonly message: string; readonly hint: string } | undefined {
  const fromVariable = words(environment.NODE_OPTIONS ?? "").find(isUnwelcome);
  if (fromVariable !== undefined) {
    return {
      message: `NODE_OPTIONS holds ${nameOf(fromVariable)}, which the daemon refuses to be started with`,
      hint: "unset NODE_OPTIONS, then hoopx daemon start",
    };
  }
  const fromArguments = execArgv.find(
    (option) => isUnwelcome(option) && !profiling.has(nameOf(option)),
  );
  if (fromArguments !== undefined) {
    return {
      message: `the daemon refuses to be started with ${nameOf(fromArguments)}`,
      hint: "hoopx daemon start",
    };
  }
  const variable = unwelcomeVariables.find((name) => environment[name]);
  if (variable !== undefined) {
    return {
      message: `the environment holds ${variable}, which the daemon refuses to be started with`,
      hint: `unset ${variable}, then hoopx daemon start`,
    };
  }
  const held = Object.keys(environment).filter((name) => environment[name] && isKeyVariable(name));
  if (held.length === 0) return undefined;
  const hint = held.includes(passphraseVariable)
    ? "start it with hoopx daemon start, which hands the passphrase over the socket"
    : "start it with hoopx daemon start, which leaves keys out of the daemon's environment";
  const what = held.length === 1 ? "a secret" : "secrets";
  return { message: `the environment holds ${what}: ${held.sort().join(", ")}`, hint };
}

/**
 * SIGUSR1 makes Node open its debugger, to any process of this user. A
 * listener takes that away; where Node can be told before it starts
 * (`--disable-sigusr1`), the command line does that too.
 */
export function closeDebuggerSignal(): void {
  process.on("SIGUSR1", () => undefined);
}

/** As Node splits NODE_OPTIONS: at spaces, with double quotes and backslashes inside them. */
function words(options: string): readonly string[] {
  return (options.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? []).map((word) =>
    word.replace(/"((?:\\.|[^"\\])*)"/g, (_, inner: string) => inner.replace(/\\(.)/g, "$1")),
  );
}

/** A word without a hyphen is the value of the option in front of it, which was looked at. */
function isUnwelcome(option: string): boolean {
  return option.startsWith("-") && !harmless.has(nameOf(option));
}

/** Node takes underscores for hyphens in its options. */
function nameOf(option: string): string {
  const name = option.split("=", 1)[0] ?? "";
  return name.replaceAll("_", "-");
}
