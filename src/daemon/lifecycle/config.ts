/**
 * Config: `/etc/hoopx/config.yaml`, which an organisation may write for
 * everybody, `config/config.yaml` over it, and a variable for each of their
 * settings over both, checked once at start. A file that says something hoopx does not understand is
 * refused with every problem's file, line and column; nothing is guessed and
 * nothing ignored, since a misspelt limit would be no limit.
 */
import { readFileSync } from "node:fs";
import * as z from "zod";
import { checkShape, mistakeLine } from "../yaml/check-shape.js";
import { problemLine, readCheckedYaml } from "../yaml/checked-yaml.js";

const text = z.string().min(1).max(2048);
const bytes = z.int().min(1024);
const milliseconds = z.int().min(100).max(3_600_000);
const count = z.int().min(1).max(100_000);

const settingsSchema = z.strictObject({
  port: z.int().min(0).max(65_535).optional(),
  secretStore: z.enum(["keychain", "file"]).optional(),
  keyFile: z.string().min(1).optional(),
  issuer: text.optional(),
  clientId: text.optional(),
  scope: text.optional(),
  audience: text.optional(),
  groupsClaim: text.optional(),
  prices: z.string().min(1).optional(),
  profile: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be lower-case letters, digits and hyphens")
    .optional(),
  limits: z
    .strictObject({
      bodyBytes: bytes.max(1024 ** 3).optional(),
      allBodiesBytes: bytes.optional(),
      unpackRatio: z.int().min(1).max(100_000).optional(),
      jsonValues: z.int().min(1000).max(100_000_000).optional(),
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
  reviews: z
    .strictObject({
      bell: z.boolean().optional(),
      notify: z.boolean().optional(),
      webhook: z
        .url({ protocol: /^https?$/ })
        .max(2048)
        .optional(),
      webhookSecretFile: z.string().min(1).optional(),
    })
    .optional(),
  store: z.strictObject({ encrypt: z.boolean().optional() }).optional(),
  record: z
    .strictObject({
      keepDays: z.int().min(1).max(36_500).optional(),
      keepBytes: bytes.min(1024 ** 2).optional(),
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
  /** Tried first for the data path; 0 takes any, the kept one while runs are alive. Absent: the kept one, else 4141. */
  readonly port: number | null;
  /** Where a new connection's secret goes unless `--secret-store` says otherwise. */
  readonly secretStore: "keychain" | "file";
  /** Key of the sealed file, in a file of its own; absent: a passphrase unlocks it. */
  readonly keyFile: string | null;
  /** The identity provider of profiles that name none; each absent unless set. */
  readonly issuer: string | null;
  readonly clientId: string | null;
  readonly scope: string | null;
  readonly audience: string | null;
  readonly groupsClaim: string | null;
  /** A price table in place of the built-in one. */
  readonly prices: string | null;
  /** The profile meant where none is named. */
  readonly profile: string | null;
  readonly limits: Defined<NonNullable<Settings["limits"]>>;
  readonly reviews: {
    /** Rings the terminal's bell where a run waits for a review. */
    readonly bell: boolean;
    /** Shows it on the desktop. */
    readonly notify: boolean;
    /** Is told of every review. */
    readonly webhook: string | null;
    /** What deliveries are signed with. */
    readonly webhookSecretFile: string | null;
  };
  readonly store: {
    /** The record is encrypted at rest, with a key from the secret store. */
    readonly encrypt: boolean;
  };
  readonly record: {
    /** Days after which a session that is over leaves the record; absent: never. */
    readonly keepDays: number | null;
    /** What the record may take; the oldest sessions leave first. */
    readonly keepBytes: number | null;
  };
  readonly log: Defined<NonNullable<Settings["log"]>>;
}

const defaults: Config = {
  port: null,
  secretStore: "keychain",
  keyFile: null,
  issuer: null,
  clientId: null,
  scope: null,
  audience: null,
  groupsClaim: null,
  prices: null,
  profile: null,
  limits: {
    bodyBytes: 64 * 1024 ** 2,
    // Four of the largest: each is held about twice while it is recorded and sent.
    allBodiesBytes: 256 * 1024 ** 2,
    // Text packs 3 to 20 times; what packs further was made to.
    unpackRatio: 100,
    // A conversation of 64 MB has some hundred thousand.
    jsonValues: 1_000_000,
    headerBytes: 32 * 1024,
    exchangesPerSession: 256,
    connections: 1024,
    headersTimeout: 15_000,
    bodyTimeout: 120_000,
    connectTimeout: 15_000,
    // The SDKs' own limit: a model may think for minutes before its first byte.
    replyTimeout: 600_000,
    // Above what one session may have under way: its quiet streams never take all of them.
    upstreamConnections: 1024,
  },
  reviews: { bell: true, notify: true, webhook: null, webhookSecretFile: null },
  store: { encrypt: false },
  record: { keepDays: null, keepBytes: null },
  log: { level: "info", maxBytes: 10 * 1024 ** 2, files: 5 },
};

/**
 * Requests that one session may have under way: at most half of the connections to an upstream,
 * so that its quiet streams leave room for all other sessions.
 */
export function exchangesOfOneSession(limits: Config["limits"]): number {
  const half = Math.max(1, Math.floor(limits.upstreamConnections / 2));
  return Math.min(limits.exchangesPerSession, half);
}

/** Settings that cannot be used; one line a problem, each with its place. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the files that there are, later ones over earlier, and the variables, which win over them. */
export function loadConfig(files: readonly string[], environment: Environment): Config {
  const problems: string[] = [];
  const fromFiles = files.map((file) => {
    const text = textOf(file, problems);
    if (text === undefined) return {};
    const read = readCheckedYaml(file, text, settingsSchema);
    problems.push(...read.problems.map(problemLine));
    return read.value ?? {};
  });
  const fromVariables = readVariables(environment, problems);
  const config = merge(defaults, ...fromFiles, fromVariables);
  if (config.reviews.webhook !== null && config.reviews.webhookSecretFile === null) {
    problems.push("reviews.webhook: needs reviews.webhookSecretFile, to sign what it is told");
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
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
    // A client's id or a file's name may be all digits, and is text still.
    const numeric = place.length === 2 || place[0] === "port";
    const value = numeric && /^(?:-?\d{1,15}|true|false)$/.test(text) ? JSON.parse(text) : text;
    const [outer, inner] = place as [string, string?];
    if (inner === undefined) found[outer] = value;
    else found[outer] = { ...(found[outer] as object | undefined), [inner]: value };
  }
  const { value, mistakes } = checkShape(settingsSchema, found);
  problems.push(
    ...mistakes.map((mistake) =>
      // The variable's name stands for the path; what is unknown in it is no variable of ours.
      mistakeLine({ ...mistake, path: [] }, { whole: variableOf(mistake.path), key: "setting" }),
    ),
  );
  return value ?? {};
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

/** What the settings say of identity; what they do not say is absent. */
export function identitySettings(config: Config) {
  const { issuer, clientId, scope, audience, groupsClaim, profile } = config;
  return {
    profile,
    ...(issuer !== null && { issuer }),
    ...(clientId !== null && { clientId }),
    ...(scope !== null && { scope }),
    ...(audience !== null && { audience }),
    ...(groupsClaim !== null && { groupsClaim }),
  };
}
