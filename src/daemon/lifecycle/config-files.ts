/**
 * Config files: where settings are written, and how what is written now stands
 * to the settings that a running daemon was started with.
 */
import { join } from "node:path";
import type { Home } from "../../contract/home.js";
import { type Config, ConfigError, type Environment, loadConfig } from "./config.js";

/** The organisation's file of that name; HOOPX_SYSTEM_CONFIG and HOOPX_SYSTEM_POLICY name others. */
export function systemFile(
  name: "config.yaml" | "policy.yaml",
  environment: Environment,
  platform: string,
): string {
  const { PROGRAMDATA: programData = "C:\\ProgramData" } = environment;
  const named =
    environment[name === "config.yaml" ? "HOOPX_SYSTEM_CONFIG" : "HOOPX_SYSTEM_POLICY"] ?? "";
  if (named !== "") return named;
  return platform === "win32" ? `${programData}\\hoopx\\${name}` : `/etc/hoopx/${name}`;
}

/** The settings files as they are on disk now, beside the settings that are in use. */
export interface ConfigStanding {
  /** The person's own file: the one to edit. */
  readonly file: string;
  /** A line each, with its place. */
  readonly problems: readonly string[];
  /** The files say something else than what is in use. */
  readonly changed: boolean;
}

/** Reads the settings again, changing nothing, and says how they stand to those in use. */
export function configStanding(home: Home, environment: Environment, used: Config): ConfigStanding {
  const files = configFiles(home, environment);
  const file = files.at(-1) as string;
  try {
    const changed = JSON.stringify(loadConfig(files, environment)) !== JSON.stringify(used);
    return { file, problems: [], changed };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { file, problems: error.problems, changed: true };
  }
}

/** The settings files of a home, whether they are there or not; later ones win. */
export function configFiles(home: Home, environment: Environment): readonly string[] {
  const system = systemFile("config.yaml", environment, process.platform);
  return [system, join(home.config, "config.yaml")];
}
