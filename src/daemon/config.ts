/**
 * Config: `config/config.yaml` and a variable for each of its settings, checked
 * once at start. A file that says something hoopx does not understand is
 * refused with every problem's file, line and column; nothing is guessed and
 * nothing ignored, since a misspelt limit would be no limit.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { readSettingsFile } from "./config-file.js";

const bytes = z.int().min(1024);
const milliseconds = z.int().min(100).max(3_600_000);
const count = z.int().min(1).max(100_000);

const settingsSchema = z.strictObject({
  port: z.int().min(0).max(65_535).optional(),
  secretStore: z.enum(["keychain", "file"]).optional(),
  keyFile: z.string().min(1).optional(),
  limits: z
    .strictObject({
      bodyBytes: bytes.max(1024 ** 3).optional(),
      allBodiesBytes: bytes.optional(),
      headerBytes: bytes.max(1024 ** 2).optional(),
      exchangesPerSession: count.optional(),
      connections: count.optional(),
      headersTimeout: milliseconds.optional(),
      bodyTimeout: milliseconds.optional(),
      connectTimeout: milliseconds.optional(),
      replyTimeout: milliseconds.optional(),
      upstreamConnections: count.optional(),
    })
    .optional(),
  log: z
    .strictObject({
      level: z.enum(["fatal", "error", "warn", "info", "debug", "trace"]).optional(),
      maxBytes: bytes.optional(),
      files: z.int().min(1).max(100).optional(),
    })
    .optional(),
});

type Settings = z.infer<typeof settingsSchema>;

type Defined<T> = { readonly [Key in keyof T]-?: NonNullable<T[Key]> };

export interface Config {
  /** Tried first for the data path; 0 takes any. Absent: the kept one, else 4141. */
  readonly port: number | null;
  /** Where a new connection's secret goes unless `--secret-store` says otherwise. */
  readonly secretStore: "keychain" | "file";
  /** Key of the sealed file, in a file of its own; absent: a passphrase unlocks it. */
  readonly keyFile: string | null;
  readonly limits: Defined<NonNullable<Settings["limits"]>>;
  readonly log: Defined<NonNullable<Settings["log"]>>;
}

const defaults: Config = {
  port: null,
  secretStore: "keychain",
  keyFile: null,
  limits: {
    bodyBytes: 64 * 1024 ** 2,
    // Four of the largest: each is held about twice while it is recorded and sent.
    allBodiesBytes: 256 * 1024 ** 2,
    headerBytes: 32 * 1024,
    exchangesPerSession: 256,
    connections: 1024,
    headersTimeout: 15_000,
    bodyTimeout: 120_000,
    connectTimeout: 15_000,
    // The SDKs' own limit: a model may think for minutes before its first byte.
    replyTimeout: 600_000,
    upstreamConnections: 256,
  },
  log: { level: "info", maxBytes: 10 * 1024 ** 2, files: 5 },
};

/** Settings that cannot be used; one line a problem, each with its place. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the file, if there is one, and the variables, which win over it. */
export function loadConfig(file: string, environment: Environment): Config {
  const problems: string[] = [];
  const text = textOf(file, problems);
  const fromFile =
    text === undefined ? {} : (readSettingsFile(file, text, settingsSchema, problems) ?? {});
  const fromVariables = readVariables(environment, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return merge(defaults, fromFile, fromVariables);
}

function textOf(file: string, problems: string[]): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") problems.push(`${file}: cannot be read (${code ?? "unknown"})`);
    return undefined;
  }
}

/** Every setting's place: `["limits", "bodyBytes"]`. */
const places: readonly (readonly string[])[] = Object.entries(defaults).flatMap(([key, value]) =>
  typeof value === "object" && value !== null
    ? Object.keys(value).map((inner) => [key, inner])
    : [[key]],
);

/** `limits.bodyBytes` is HOOPX_LIMITS_BODY_BYTES. */
function variableOf(place: readonly PropertyKey[]): string {
  const snake = place.map((part) => String(part).replace(/[A-Z]/g, (letter) => `_${letter}`));
  return `HOOPX_${snake.join("_").toUpperCase()}`;
}

function readVariables(environment: Environment, problems: string[]): Settings {
  const found: Record<string, unknown> = {};
  for (const place of places) {
    const text = environment[variableOf(place)];
    if (text === undefined || text === "") continue;
    const value = /^-?\d{1,15}$/.test(text) && place.at(-1) !== "keyFile" ? Number(text) : text;
    const [outer, inner] = place as [string, string?];
    if (inner === undefined) found[outer] = value;
    else found[outer] = { ...(found[outer] as object | undefined), [inner]: value };
  }
  const parsed = settingsSchema.safeParse(found);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    problems.push(`${variableOf(issue.path)}: ${issue.message.toLowerCase()}`);
  }
  return {};
}

function merge(...layers: readonly object[]): Config {
  const merged: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer)) {
      if (value === undefined) continue;
      const nested = typeof value === "object" && value !== null;
      merged[key] = nested ? { ...(merged[key] as object | undefined), ...value } : value;
    }
  }
  return merged as unknown as Config;
}
