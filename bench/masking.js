/**
 * Masking: how much of what is known to be secret is hidden, how often what is
 * none is, and how fast a text without any is read. Rows are judged by the
 * secret they name: hidden is it when no piece of twelve characters is left.
 *   npm run bench:masking -- FILE [--json] [--misses N] [--alarms N] [--benign DIR]
 * FILE: rows of JSON, one a line, also compressed (bench/README.md).
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { byWeakestSource } from "./masking-cross-check.js";
import { loadScanner } from "./masking-scanner.js";
import { countOf, countsBy, goalsOf, isHidden, tableOf } from "./masking-score.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    misses: { type: "string", default: "0" },
    alarms: { type: "string", default: "0" },
    benign: { type: "string", default: join(root, "node_modules") },
  },
});
const [file] = positionals;
if (file === undefined) {
  console.error(
    "usage: npm run bench:masking -- FILE [--json] [--misses N] [--alarms N] [--benign DIR]",
  );
  process.exit(2);
}

const rows = rowsOf(readFileSync(file));
const secrets = await loadScanner(root, "secrets");
const personal = await loadScanner(root, "personal");
const generic = await loadScanner(root, "generic");
const looked = rows.map((row) => {
  const findings = (row.kind === "pii" ? personal : secrets).scan(row.text);
  return { row, findings, hidden: row.positive && isHidden(row, findings) };
});

const positives = looked.filter(({ row }) => row.positive);
const hard = looked.filter(({ row }) => !row.positive && row.neg_scope !== "rule");
const kinds = ["secret", "pii", "identifier"];
const secretRows = positives.filter(({ row }) => row.kind === "secret");
/** As if nobody had written a rule for the secret's issuer. */
const unwritten = secretRows.map(({ row }) => ({
  row,
  hidden: isHidden(row, generic.scan(row.text)),
}));
const result = {
  rows: rows.length,
  masked: Object.fromEntries(
    kinds.map((kind) => [kind, countOf(positives.filter(({ row }) => row.kind === kind))]),
  ),
  sources: countsBy(positives, ({ row }) => [row.kind, row.source].join(" · ")),
  detectors: countsBy(positives, ({ findings }) => findings[0]?.detector ?? "(none)"),
  crossCheck: {
    weakestSource: byWeakestSource(secretRows),
    genericAlone: { all: countOf(unwritten), ...countsBy(unwritten, ({ row }) => row.source) },
  },
  falseAlarms: Object.fromEntries(
    kinds.map((kind) => {
      const own = hard.filter(({ row }) => row.kind === kind);
      return [
        kind,
        { rows: own.length, found: own.filter((each) => each.findings.length > 0).length },
      ];
    }),
  ),
  benign: benign(values.benign),
  throughput: throughput(),
};
const goals = goalsOf(result);

if (values.json) {
  console.log(JSON.stringify({ ...result, goals }, null, 2));
} else {
  console.log(tableOf(result, goals));
}
for (const { row } of positives.filter((each) => !each.hidden).slice(0, Number(values.misses))) {
  console.log("missed", row.rule, JSON.stringify(row.text.slice(0, 200)));
}
for (const { row, findings } of hard
  .filter((each) => each.findings.length > 0)
  .slice(0, Number(values.alarms))) {
  const names = findings.map(({ detector }) => detector).join(" ");
  console.log("false alarm", row.rule, names, JSON.stringify(row.text.slice(0, 200)));
}

function rowsOf(bytes) {
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString();
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line));
}

/** Findings in text presumed free of secrets: read-me files and sources of what is installed. */
function benign(folder) {
  let bytes = 0;
  const found = [];
  for (const path of filesIn(folder, 150_000_000)) {
    const text = readFileSync(path, "utf8");
    bytes += Buffer.byteLength(text);
    for (const { detector, start } of secrets.scan(text)) {
      const line = text.slice(0, start).split("\n").length;
      found.push({ detector, place: `${detector} ${path.slice(folder.length + 1)}:${line}` });
    }
  }
  return {
    megabytes: bytes / 1e6,
    found: found.length,
    detectors: countsBy(found, ({ detector }) => detector),
    places: found.map(({ place }) => place).slice(0, Number(values.alarms)),
  };
}

function* filesIn(folder, most) {
  let bytes = 0;
  const folders = [folder];
  while (folders.length > 0 && bytes < most) {
    const current = folders.pop();
    for (const entry of readdirSync(current, { withFileTypes: true })) {
      const path = join(current, entry.name);
      if (entry.isDirectory() && entry.name !== ".cache") folders.push(path);
      if (!entry.isFile() || !/\.(?:md|[cm]?js|ts|json)$/.test(entry.name)) continue;
      const { size } = statSync(path);
      if (size > 300_000 || bytes >= most) continue;
      bytes += size;
      yield path;
    }
  }
}

/** Megabytes in a second of CPU time: prose and code without a finding, in texts of a reply's size; the best of five. */
function throughput() {
  const prose =
    "The agent reads the file, changes two lines and runs the tests again; nothing else is said here. ";
  const source = readFileSync(join(root, "src/daemon/path/path.ts"), "utf8");
  return Object.fromEntries(
    Object.entries({ prose, code: source }).map(([name, piece]) => {
      const text = piece.repeat(Math.ceil(40_000 / piece.length));
      const rates = Array.from({ length: 5 }, () => {
        const start = process.cpuUsage();
        let scans = 0;
        for (const until = performance.now() + 300; performance.now() < until; scans += 1) {
          secrets.scan(text);
        }
        const { user, system } = process.cpuUsage(start);
        return (scans * text.length) / (user + system);
      });
      return [name, Math.max(...rates)];
    }),
  );
}
