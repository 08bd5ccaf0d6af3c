/**
 * Spawn guards: what the daemon refuses to be started with (SECURITY L8, S1).
 * It reads stored secrets, so nothing from outside may be loaded into it or
 * attach to it, and no key may lie in its environment, where every process of
 * the same user can read it for as long as the daemon lives.
 */
import { isKeyVariable, passphraseVariable } from "../contract/key-variables.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Options of Node that open a debugger or load code before ours. */
const loadsOrInspects =
  /^(?:--inspect(?:-[a-z-]+)?|--debug-port|--require|-r|--import|--loader|--experimental-loader)(?:=|$)/;

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
  const fromArguments = execArgv.find(isUnwelcome);
  if (fromArguments !== undefined) {
    return {
      message: `the daemon refuses to be started with ${nameOf(fromArguments)}`,
      hint: "hoopx daemon start",
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

/** Node takes underscores for hyphens in its options. */
function isUnwelcome(option: string): boolean {
  const name = nameOf(option);
  return loadsOrInspects.test(name) || /^-r./.test(name);
}

function nameOf(option: string): string {
  const name = option.split("=", 1)[0] ?? "";
  return name.replaceAll("_", "-");
}
