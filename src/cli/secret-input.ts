/**
 * Secret-input: where a key comes from. By hidden prompt, stdin, variable or
 * command; never as an argument, where every process of the machine could read
 * it, and no error ever repeats what was given.
 */
import { spawn } from "node:child_process";
import { CliError, usage } from "./cli-error.js";
import type { Context } from "./context.js";

export interface SecretInput {
  readonly secretStdin?: boolean;
  readonly secretEnv?: string;
  readonly secretCommand?: string;
}

type SecretContext = Pick<Context, "environment" | "stdin" | "prompter">;

const ways = "--secret-stdin, --secret-env NAME or --secret-command CMD";

/** Reads the key the one way that was chosen, or asks for it. */
export async function readSecret(
  context: SecretContext,
  input: SecretInput,
  question: string,
): Promise<string> {
  const chosen = [input.secretStdin, input.secretEnv, input.secretCommand].filter(
    (way) => way !== undefined,
  );
  if (chosen.length > 1) throw usage("the key can come from one place only", `use one of ${ways}`);
  const secret = (await readOne(context, input, question)).trim();
  if (secret === "") throw usage("the key is empty", `give it by prompt, ${ways}`);
  if (/[^\x21-\x7e]/.test(secret)) {
    throw usage(
      "the key holds spaces or characters that no header can carry",
      "give the key alone",
    );
  }
  return secret;
}

async function readOne(
  { environment, stdin, prompter }: SecretContext,
  { secretStdin, secretEnv, secretCommand }: SecretInput,
  question: string,
): Promise<string> {
  if (secretEnv !== undefined) return fromVariable(environment, secretEnv);
  if (secretCommand !== undefined) return fromCommand(environment, secretCommand);
  // Typed in by hand, it must not be shown either.
  if (secretStdin && !stdin.isTTY) return stdin.text();
  if (prompter.interactive) return prompter.hidden(question);
  throw usage("the key cannot be asked for: this is not a terminal", `use ${ways}`);
}

function fromVariable(environment: Context["environment"], name: string): string {
  // A key that is given here by mistake must not be repeated.
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw usage("--secret-env takes the name of a variable", "--secret-env OPENAI_API_KEY");
  }
  const value = environment[name];
  if (value !== undefined && value !== "") return value;
  const shown = /^[A-Z][A-Z0-9_]{0,63}$/.test(name) ? name : "the variable of --secret-env";
  throw usage(`${shown} is not set`, `export it first, or use ${ways}`);
}

async function fromCommand(environment: Context["environment"], command: string): Promise<string> {
  const child = spawn(command, {
    shell: true,
    env: environment,
    // The command may ask for a fingerprint or a passphrase of its own.
    stdio: ["inherit", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (chunk: string) => {
    text += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) {
    throw new CliError(
      "secret_command_failed",
      `the --secret-command ended with ${code === null ? "a signal" : `exit code ${code}`}`,
      "run it by itself to see why; it must print the key on its first line",
    );
  }
  return text.split("\n", 1)[0] ?? "";
}
