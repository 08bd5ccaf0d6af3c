/**
 * The table "What is said, and how it is checked" of docs/security.md lists
 * every field of every control route, and every header that is read of a
 * request or a reply; and nothing that is not there.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { type RouteName, routes, secretRoutes } from "../../src/contract/routes.js";
import { querySchemas, requestSchemas } from "../../src/daemon/control/schemas.js";
import { root, sourcesBelow } from "../support/sources.js";

const kinds = ["kernel", "file", "bytes", "token", "choice", "claim"];

const section =
  readFileSync(join(root, "docs/security.md"), "utf8")
    .split(/^## /m)
    .find((text) => text.startsWith("What is said, and how it is checked")) ?? "";

interface Row {
  readonly of: readonly string[];
  readonly fields: readonly string[];
  readonly kind: string;
  readonly how: string;
}

const rows: readonly Row[] = section
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, of = "", fields = "", kind = "", how = ""]) => ({
    of: quoted(of),
    fields: quoted(fields),
    kind,
    how,
  }));

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
}

/** `route field` of each row; of headers `request name` and `reply name`. */
const told = rows.flatMap(({ of, fields }) =>
  of.flatMap((name) => fields.map((field) => `${name} ${field}`)),
);

/** Paths of all that a schema has a value for. */
function leavesOf(schema: unknown, path = ""): string[] {
  const { properties, anyOf, oneOf, items } = schema as {
    properties?: Record<string, unknown>;
    anyOf?: unknown[];
    oneOf?: unknown[];
    items?: unknown;
  };
  const parts = [
    ...Object.entries(properties ?? {}).map(
      ([name, inner]) => [path ? `${path}.${name}` : name, inner] as const,
    ),
    ...[...(anyOf ?? []), ...(oneOf ?? [])].map((inner) => [path, inner] as const),
    ...(items === undefined ? [] : [[path, items] as const]),
  ];
  if (parts.length === 0) return path === "" ? [] : [path];
  return [...new Set(parts.flatMap(([at, inner]) => leavesOf(inner, at)))];
}

const fieldsOf = (schema: z.ZodType) =>
  leavesOf(z.toJSONSchema(schema, { unrepresentable: "any" }));

const asked = Object.entries(routes).flatMap(([name, route]) => [
  ...fieldsOf(requestSchemas[name as RouteName]).map((field) => `${name} ${field}`),
  ...[...route.path.matchAll(/:(\w+)/g)].map(([part]) => `${name} ${part}`),
]);

const queries = [
  ...Object.entries(querySchemas).flatMap(([name, schema]) =>
    fieldsOf(schema).map((field) => `${name} ?${field}`),
  ),
  ...sourcesBelow("src/daemon/control").flatMap(({ text }) =>
    [...text.matchAll(/query\.get\("(\w+)"\)/g)].map(([, field]) => `query ?${field}`),
  ),
];

/** Is a field told, by itself or as part of a whole that is? */
function isTold(wanted: string): boolean {
  return told.some((each) => wanted === each || wanted.startsWith(`${each}.`));
}

test("every field of every control route is told, and no other", () => {
  const fields = [...asked, ...queries];
  expect(fields.length).toBeGreaterThan(80);
  expect(fields.filter((field) => !isTold(field))).toEqual([]);
  const known = told.filter((each) => !/^(request|reply) header /.test(each));
  const unknown = known.filter(
    (each) => !fields.some((field) => field === each || field.startsWith(`${each}.`)),
  );
  expect(unknown).toEqual([]);
});

/** Words in quotes that look like a header's name and are none. */
const noHeaders = new Set(["key", "api_key", "access_token", "none", "websocket", "likeness"]);

/** Names of headers that these files read: what is compared, looked up or listed. */
function headersIn(files: readonly string[]): string[] {
  const names = sourcesBelow("src/daemon")
    .filter(({ path }) => files.some((file) => path.startsWith(file)))
    .flatMap(({ text }) => [
      ...[
        ...text.matchAll(/\b(?:header|valueIn|valuesIn|named)\((?:[^()"]*, )?"([a-z][a-z-]*)"\)/g),
      ].map(([, name = ""]) => name),
    ]);
  return [...new Set(names)].filter((name) => !noHeaders.has(name)).sort();
}

/** Lists of names in headers.ts and authenticate.ts. */
function listedIn(file: string): string[] {
  const [source] = sourcesBelow("src/daemon/path").filter(({ path }) => path.endsWith(file));
  return [...(source?.text.matchAll(/^ +(?:for \(.*\[)?((?:"[a-z][a-z-]+",? ?)+)/gm) ?? [])]
    .flatMap(([, list = ""]) => list.split(/,\s*/))
    .map((word) => word.trim().replaceAll('"', ""))
    .filter((word) => word !== "" && !noHeaders.has(word));
}

test("every header that is read is told, and how", () => {
  const headers = told
    .filter((each) => /^(request|reply) header /.test(each))
    .map((each) => each.replace(/^(request|reply) header /, ""));
  const read = [
    ...headersIn(["src/daemon/path/", "src/daemon/policy/", "src/daemon/upstream/"]),
    ...listedIn("path/headers.ts"),
    ...listedIn("path/request/authenticate.ts"),
  ];
  expect(read.length).toBeGreaterThan(20);
  expect(read.filter((name) => !headers.includes(name))).toEqual([]);
});

test("no field of a secret's name is in a body that any process may be told", () => {
  // A session's token is no secret of the person's: it works in its run alone, and its agent has it.
  const spoken = /(?:^| |\.)(?:secret|passphrase|token|requestToken)$/;
  const named = asked.filter((each) => spoken.test(each) && each !== "sessionsLease token");
  expect(named.length).toBeGreaterThan(4);
  const open = named.filter((each) => !secretRoutes.has(each.split(" ")[0] as RouteName));
  expect(open).toEqual([]);
});

test("each row says what checks it", () => {
  for (const { of, fields, kind, how } of rows) {
    expect(kinds, `${of}: ${fields}`).toContain(kind);
    expect(how.length, `${of}: ${fields}`).toBeGreaterThan(10);
  }
});
