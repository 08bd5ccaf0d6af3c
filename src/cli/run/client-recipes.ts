/**
 * Client recipes: programs that do not read the SDK's variables and would call
 * the provider past the daemon. `hoopx run` recognises them by the name of the
 * command, adds what they need, and says so.
 */
import { basename } from "node:path";

export interface ClientRecipe {
  /** Go before the command's own arguments. */
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What was added, for the person. */
  readonly told: string;
}

/** What a command needs besides the session's variables; undefined for a program without a recipe. */
export function recipeFor(
  command: readonly string[],
  session: Readonly<Record<string, string>>,
): ClientRecipe | undefined {
  const name = basename(command[0] ?? "").replace(/\.(?:exe|cmd|js)$/i, "");
  const { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: token } = session;
  if (name !== "codex" || baseUrl === undefined || token === undefined) return undefined;
  return {
    // Its background server outlives a run: it keeps the token of the first, and goes past hoopx
    // where it was started outside.
    arguments: ["--no-daemon", "-c", `openai_base_url=${JSON.stringify(baseUrl)}`],
    environment: { CODEX_API_KEY: token },
    told: "codex runs with --no-daemon and -c openai_base_url=…, because it does not read OPENAI_BASE_URL",
  };
}
