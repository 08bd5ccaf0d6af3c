/**
 * Profile option: `--profile`, the same on every command that acts for a person.
 */
import type { OptionSpec } from "../commands/command.js";

export const profileOption: OptionSpec = {
  flags: "--profile <name>",
  description: "the login's profile (default, unless config.yaml says otherwise)",
};
