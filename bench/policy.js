/**
 * Policy: what a large or hostile prompt costs, and how long the event loop is
 * held by it (SECURITY P5). `node bench/policy.js` prints a table; the tests
 * count slices instead, for a clock on a shared machine proves nothing.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { outputFiles } = await build({
  absWorkingDir: root,
  stdin: {
    contents:
      'export { createPolicy } from "./src/daemon/policy/evaluate.ts"; export { parsePolicy } from "./src/daemon/policy/parse.ts";',
    resolveDir: root,
  },
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire("/");',
  },
});
const code = Buffer.from(outputFiles[0].text).toString("base64");
const { createPolicy, parsePolicy } = await import(`data:text/javascript;base64,${code}`);

const patterns = [
  String.raw`(?i)\bdrop\s+table\b`,
  String.raw`[a-z]+@[a-z]+\.example`,
  "(x+x+)+y",
  String.raw`(?s)begin.*middle.*end`,
  "(a|b)*a(a|b){12}c",
  String.raw`sk-[A-Za-z0-9]{20,}`,
  String.raw`(?i)(password|secret|token)\s*[:=]\s*\S+`,
  String.raw`[\p{L}\p{N}]{40,}!`,
];
const rules = patterns.map(
  (pattern, index) =>
    `  - { name: r${index}, when: { prompt: { matches: ['${pattern}'] } }, effect: deny }\n`,
);
const { rules: parsed, problems } = await parsePolicy(
  "bench.yaml",
  `version: 1\nrules:\n${rules.join("")}  - { name: all, when: {}, effect: allow }\n`,
  "user",
);
if (problems.length > 0) throw new Error(JSON.stringify(problems));
const policy = createPolicy(parsed, "0");

const megabyte = 1_000_000;
const prompts = {
  "2 KB of prose": "the quick brown fox jumps over the lazy dog ".repeat(45),
  "100 KB of prose": "the quick brown fox jumps over the lazy dog ".repeat(2300),
  "1 MB of prose": "the quick brown fox jumps over the lazy dog ".repeat(23_000),
  "1 MB of drop": "drop ".repeat(megabyte / 5),
  "1 MB of spaces": `drop${" ".repeat(megabyte)}`,
  "1 MB of x": "x".repeat(megabyte),
  "1 MB of a and b": Array.from(
    { length: megabyte },
    (_, at) => "ab"[((at * at * 7) % 13) % 2],
  ).join(""),
  "1 MB of zero width": "\u200be\u0301\ufdfa".repeat(megabyte / 8),
  "1 MB of password": "password ".repeat(megabyte / 9),
};

console.log("prompt                median ms   loop held p99 ms   most ms");
for (const [name, text] of Object.entries(prompts)) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const times = [];
  const rounds = 20;
  for (let round = 0; round < rounds; round += 1) {
    const input = inputOf(text);
    const start = performance.now();
    await policy.prepare(input);
    policy.evaluate(input);
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  delay.disable();
  const ms = (nanoseconds) => (nanoseconds / 1e6).toFixed(1);
  console.log(
    [
      name.padEnd(20),
      times
        .sort((one, other) => one - other)
        [rounds >> 1].toFixed(2)
        .padStart(9),
      ms(delay.percentile(99)).padStart(18),
      ms(delay.max).padStart(9),
    ].join(" "),
  );
}

function inputOf(text) {
  return {
    identity: { issuer: "i", subject: "s", email: null, groups: [], profile: null },
    operation: {
      class: "inference",
      mintsCredential: false,
      action: "a",
      method: "POST",
      path: "/",
    },
    requestBytes: text.length,
    now: new Date(),
    prompt: () => [text],
  };
}
