/**
 * Secrets cut at every place, through the real daemon to the real SDK, and
 * looked for in all that the SDK received, the record, its files and the log.
 * HOOPX_MASKING_ROWS names a file of more rows ({text, secret, positive} as
 * JSON lines, gzipped or not): what is found in one piece must be found in all.
 */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "../../src/daemon/store/sqlite-store.js";
import { type CutShape, cutReply, cutShapes } from "../support/cut-streams.js";
import { createHome, type TestHome } from "../support/home.js";
import { invented } from "../support/invented.js";

interface Row {
  readonly text: string;
  readonly secrets: readonly string[];
}

const key = "sk-real-cuts-0123456789abcdef0123";

/** Invented, in the forms that their issuers publish, where people leave them. */
function inventedRows(): readonly Row[] {
  const pem = ["-----BEGIN RSA PRIVATE KEY-----", ...Array(6).fill(invented.mixed(64))];
  const block = [...pem, "-----END RSA PRIVATE KEY-----"].join("\n");
  const row = (before: string, secret: string, after = "") => ({
    text: `${before}${secret}${after}`,
    secrets: [secret],
  });
  return [
    row("the token is ", `ghp_${invented.mixed(36)}`, ", keep it"),
    row("AWS_ACCESS_KEY_ID=", `AKIA${invented.upper(16)}`, "\nregion = eu-central-1"),
    row('"stripe": "', `sk_live_${invented.mixed(24)}`, '"'),
    row("SLACK=", `xoxb-${invented.digits(12)}-${invented.digits(12)}-${invented.mixed(24)}`),
    row("curl -H 'Authorization: Bearer ", invented.mixed(40), "' https://api.example.com"),
    row("postgres://app:", invented.mixed(20), "@db.example.com:5432/app"),
    row('const password = "', `${invented.mixed(10)}!${invented.mixed(8)}`, '";'),
    row("a \u00e9\u{1f511} key: ", `glpat-${invented.mixed(20)}`, " \u{1f511}"),
    { text: `Here it is:\n${block}\nand no more.`, secrets: [pem[1] as string] },
    row("write to ", "quentin.masked@example.com", " about it"),
    row("card ", "4111 1111 1111 1111", " until 12/30"),
  ];
}

function givenRows(file: string): readonly Row[] {
  const bytes = readFileSync(file);
  const text = file.endsWith(".gz") ? gunzipSync(bytes).toString() : bytes.toString();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ positive, secret }) => positive && secret != null)
    .map(({ text, secret }) => ({ text, secrets: [secret].flat() }));
}

const file = process.env.HOOPX_MASKING_ROWS;
const rows = file === undefined ? inventedRows() : givenRows(file);
let cuts = 0;
const upstream = createServer((request, response) => {
  let text = "";
  request.on("data", (chunk) => {
    text += chunk;
  });
  request.on("end", () => {
    const [, row, shape] = /row (\d+) as (\w+)/.exec(text) ?? [];
    const reply = cutReply(shape as CutShape, rows[Number(row)]?.text ?? "");
    cuts += reply.cuts;
    response.writeHead(200, { "content-type": reply.type });
    response.end(reply.body);
  });
});
let home: TestHome;

beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  home = createHome();
  await home.connect(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`, key);
  const config = join(home.path, "config");
  mkdirSync(config, { recursive: true });
  writeFileSync(
    join(config, "policy.yaml"),
    "version: 1\nrules:\n  - { name: all, when: {}, effect: allow }\nmasking: { detectors: [secrets, personal] }\n",
  );
});
afterAll(async () => {
  await home.dispose();
  upstream.close();
});

/** All runs of 12 characters; a shorter secret whole. */
function piecesOf(secret: string): readonly string[] {
  if (secret.length < 12) return [secret];
  return Array.from({ length: secret.length - 11 }, (_, at) => secret.slice(at, at + 12));
}

test("nothing of a secret that is found leaks, wherever it is cut", async () => {
  const list = join(home.path, "rows.jsonl");
  writeFileSync(list, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const environment = { ROWS: list, SHAPES: ["whole", ...cutShapes].join(",") };
  const { code, stdout, stderr } = await home.agent("cuts.mjs", [], { environment }).done;
  expect(`${code} ${code === 0 ? "" : stderr}`).toBe("0 ");
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const missed = new Set<number>();
  for (const { row, shape, leaked } of lines) if (shape === "whole" && leaked > 0) missed.add(row);
  const found = lines.filter(({ row }) => !missed.has(row));
  const leaks = found.filter(({ leaked }) => leaked > 0);
  process.stdout.write(
    `${rows.length} texts, ${missed.size} not found in one piece; ${cuts} cuts in ${lines.length} replies, ${leaks.length} leaked\n`,
  );
  if (file === undefined) expect([...missed]).toEqual([]);
  expect(leaks).toEqual([]);

  await home.hoopx(["daemon", "stop"]);
  const kept = rows.map(({ secrets }) => secrets.flatMap(piecesOf));
  const store = await openStore({ file: join(home.path, "data/hoopx.db"), warn: () => {} });
  const [session] = await store.sessions.find("last");
  const inRecord = new Set<number>();
  for (const { key: exchange, seq } of await store.exchanges.ofSession(session?.id ?? "ses_")) {
    const frames = await store.exchanges.frames(exchange);
    const text = Buffer.concat(frames.map(({ data }) => data)).toString();
    const place = Math.floor((seq - 1) / (cutShapes.length + 1));
    if (kept[place]?.some((piece) => text.includes(piece))) inRecord.add(place);
  }
  await store.close();
  expect([...inRecord].filter((row) => !missed.has(row))).toEqual([]);

  const secretRows = rows.filter((_, row) => !missed.has(row));
  const said = rows.map((row, place) => (missed.has(place) ? row.text : withoutSecrets(row)));
  const files = ["data", "log"].flatMap((folder) =>
    readdirSync(join(home.path, folder)).map((name) => join(home.path, folder, name)),
  );
  expect(piecesInFiles(files, secretRows, bytesOf(said.join("\n")))).toEqual([]);
}, 3_600_000);

const bytesOf = (text: string) => Buffer.from(text).toString("latin1");

function withoutSecrets({ text, secrets }: Row): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, "\0"), text);
}

/** Pieces of secrets that stand in these files, but for what the texts say beside their secrets. */
function piecesInFiles(files: readonly string[], secretRows: readonly Row[], beside: string) {
  const wanted = new Set(
    secretRows
      .flatMap(({ secrets }) => secrets)
      .map(bytesOf)
      .filter((secret) => secret.length >= 12)
      .flatMap(piecesOf),
  );
  const found: string[] = [];
  for (const path of files) {
    for (const bytes of overlapping(path)) {
      for (let at = 0; at + 12 <= bytes.length; at += 1) {
        const piece = bytes.slice(at, at + 12);
        if (wanted.has(piece) && !beside.includes(piece)) found.push(`${path}: ${piece}`);
      }
    }
  }
  return found;
}

/** A file in parts, each of which begins with the last eleven bytes of the one before: it may be too large for one string. */
function* overlapping(path: string): Generator<string> {
  const part = Buffer.alloc(16 << 20);
  const file = openSync(path, "r");
  for (let at = 0; ; at += part.length - 11) {
    const length = readSync(file, part, 0, part.length, at);
    if (length > 0) yield part.toString("latin1", 0, length);
    if (length < part.length) break;
  }
  closeSync(file);
}
