/**
 * Connections file: connections.yaml as rows, and back. A row that is not
 * understood is reported with its line and is no connection, the others stand;
 * what a person wrote, comments and broken rows too, survives our edits.
 */
import { type Document, isMap, isNode, isScalar } from "yaml";
import * as z from "zod";
import type { Connection } from "../model/connection.js";
import { BaseUrlError, parseBaseUrl } from "../upstream/address.js";
import { checkShape } from "../yaml/check-shape.js";
import { parseYaml } from "../yaml/syntax-mistake.js";
import { RowProblem, readCredential, rowProblem } from "./credential-row.js";

const heading =
  " The connections of hoopx; their keys are in the secret store. A key goes only to the origin\n" +
  " it was given for: after changing a baseUrl's host, hoopx connections rotate NAME.";

/** What every row has; the rest is its credential's own. */
const rowSchema = z.looseObject({
  provider: z.string(),
  baseUrl: z.string(),
  credential: z.string(),
  allowPrivateNetwork: z.boolean().default(false),
  createdAt: z.iso.datetime(),
  rotatedAt: z.iso.datetime().nullable().default(null),
});

export interface ConnectionsFile {
  readonly connections: ReadonlyMap<string, Connection>;
  /** The connection that a person made the default of a provider, by the provider's name. */
  readonly defaults: ReadonlyMap<string, string>;
  /** One line a problem, each with file, line and column. */
  readonly problems: readonly string[];
  /** The file as a whole can be read, so it can be written too. */
  readonly usable: boolean;
  /** Whether the name is taken, by a broken row too. */
  has(name: string): boolean;
  /** The text with the row of that name replaced, added, or taken out. */
  withRow(name: string, connection: Connection | undefined): string;
  /** The text with that connection as the default of its provider. */
  withDefault(connection: Connection): string;
}

/** A name is a path segment of the data path and an argument of commands. */
export function isConnectionName(name: string): boolean {
  const reserved = name === "last" || name === "all" || name.startsWith("hoopx-");
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(name) && !reserved;
}

/** Reads the text of a connections file; `file` is its name in problems. */
export function readConnectionsFile(
  file: string,
  text: string,
  providers: Readonly<Record<string, string>>,
): ConnectionsFile {
  const { document, lines, mistakes } = parseYaml(text);
  const problems: string[] = [];
  const connections = new Map<string, Connection>();

  function report(offset: number, message: string): void {
    const { line, col } = lines.linePos(offset);
    problems.push(`${file}:${line}:${col}: ${message}`);
  }

  for (const { offset, reason, hint } of mistakes) {
    report(offset, hint === null ? reason : `${reason}; ${hint}`);
  }
  const rows = document.get("connections", true);
  const whole = document.contents === null || isMap(document.contents);
  const listed = rows === undefined || isMap(rows) || (isScalar(rows) && rows.value === null);
  if (mistakes.length === 0 && !(whole && listed)) {
    report(0, "it is not a map of connections; its first line is connections:");
  }
  const usable = problems.length === 0;

  for (const { key, value } of usable && isMap(rows) ? rows.items : []) {
    const name = String(isScalar(key) ? key.value : key);
    const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0;
    try {
      if (!isConnectionName(name)) {
        throw new RowProblem(
          [],
          "is not a connection's name: lower-case letters, digits and hyphens",
        );
      }
      const row = checkShape(rowSchema, plainRow(value, document));
      if (row.value === undefined) row.mistakes.map(rowProblem).forEach(reportRow);
      else connections.set(name, connectionOf(name, row.value, providers));
    } catch (error) {
      if (!(error instanceof RowProblem)) throw error;
      reportRow(error);
    }

    function reportRow({ path, message }: RowProblem): void {
      const place = isMap(value) ? value.getIn(path, true) : undefined;
      const at = path.length > 0 && isNode(place) ? (place.range?.[0] ?? offset) : offset;
      report(at, `${[name, ...path].join(".")} ${message}`);
    }
  }

  const chosen = usable ? document.get("defaults", true) : undefined;
  const defaults = new Map<string, string>();
  if (isMap(chosen)) {
    for (const { key, value } of chosen.items) {
      const provider = String(isScalar(key) ? key.value : key);
      const name = String(isScalar(value) ? value.value : value);
      if (connections.get(name)?.provider === provider) defaults.set(provider, name);
      else
        report(
          (isNode(key) && key.range?.[0]) || 0,
          `defaults.${provider} names no connection of that provider`,
        );
    }
  } else if (chosen !== undefined && !(isScalar(chosen) && chosen.value === null)) {
    report(0, "defaults is not a map of providers to connections; write openai: NAME below it");
  }

  return {
    connections,
    defaults,
    problems,
    usable,
    has: (name) => document.hasIn(["connections", name]),
    withRow: (name, connection) => edited(document, name, connection),
    withDefault({ name, provider }) {
      const copy = document.clone();
      if (!isMap(copy.get("defaults", true))) copy.set("defaults", copy.createNode({}));
      copy.setIn(["defaults", provider], name);
      return copy.toString();
    },
  };
}

/** Line by line a person can check a row; an alias would move it elsewhere. */
function plainRow(value: unknown, document: Document): unknown {
  try {
    return isNode(value) ? value.toJS(document, { maxAliasCount: 0 }) : value;
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    throw new RowProblem([], "has an alias (*name); write the value out in its place");
  }
}

function connectionOf(
  name: string,
  row: z.infer<typeof rowSchema>,
  providers: Readonly<Record<string, string>>,
): Connection {
  const { provider, baseUrl, credential, allowPrivateNetwork, ...rest } = row;
  const { createdAt, rotatedAt, ...settings } = rest;
  if (!Object.hasOwn(providers, provider)) {
    throw new RowProblem(["provider"], `must be one of ${Object.keys(providers).join(", ")}`);
  }
  return {
    name,
    provider,
    ...baseUrlOf(baseUrl, allowPrivateNetwork),
    credential: readCredential(credential, settings, allowPrivateNetwork),
    allowPrivateNetwork,
    createdAt: new Date(createdAt),
    rotatedAt: rotatedAt === null ? null : new Date(rotatedAt),
  };
}

function baseUrlOf(text: string, allowPrivateNetwork: boolean) {
  try {
    return parseBaseUrl(text, { allowPrivateNetwork });
  } catch (error) {
    if (!(error instanceof BaseUrlError)) throw error;
    throw new RowProblem(["baseUrl"], `cannot be used: ${error.message}; ${error.hint}`);
  }
}

function edited(document: Document, name: string, connection: Connection | undefined): string {
  const copy = document.clone();
  if (copy.contents === null) {
    copy.contents = copy.createNode({}) as NonNullable<typeof copy.contents>;
    copy.commentBefore ??= heading;
  }
  if (connection === undefined) {
    copy.deleteIn(["connections", name]);
    const chosen = copy.get("defaults", true);
    for (const { key, value } of isMap(chosen) ? [...chosen.items] : []) {
      if (isScalar(value) && value.value === name) copy.deleteIn(["defaults", key]);
    }
  } else {
    if (!isMap(copy.get("connections", true))) copy.set("connections", copy.createNode({}));
    copy.setIn(["connections", name], copy.createNode(rowOf(connection)));
  }
  return copy.toString();
}

function rowOf(connection: Connection): z.input<typeof rowSchema> {
  const { provider, origin, basePath, credential, allowPrivateNetwork } = connection;
  const { kind, ...settings } = credential;
  return {
    provider,
    baseUrl: `${origin}${basePath}`,
    credential: kind,
    ...settings,
    allowPrivateNetwork,
    createdAt: connection.createdAt.toISOString(),
    rotatedAt: connection.rotatedAt?.toISOString() ?? null,
  };
}
