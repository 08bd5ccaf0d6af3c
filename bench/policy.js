/**
 * Policy: what large and hostile bodies and prompts cost, how long they hold
 * the event loop (SECURITY P5), and what memory they take. `npm run bench --
 * policy` prints three tables and exits 1 where a body or a tool call's
 * arguments hold the loop over 50 ms, or a body takes over four times its size; the tests count steps instead, for a
 * clock on a shared machine proves nothing.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { bodies } from "./bodies.js";

/** Garbage that a process of the bodies may leave, as a part of its heap. It is no body's memory. */
const garbageOfHeap = 0.2;
const root = fileURLToPath(new URL("..", import.meta.url));
const [only, bundled = join(mkdtempSync(join(tmpdir(), "hoopx-bench-")), "daemon.mjs")] =
  process.argv.slice(2);
if (process.argv[3] === undefined) {
  process.on("exit", () => rmSync(join(bundled, ".."), { recursive: true }));
  await build({
    absWorkingDir: root,
    stdin: {
      contents: `
        export { createPolicy } from "./src/daemon/policy/evaluate.ts";
        export { parsePolicy } from "./src/daemon/policy/parse.ts";
        export { openai } from "./src/daemon/providers/openai/openai.ts";
        export { createMaskings } from "./src/daemon/masking/maskings.ts";
        export { usualMasking } from "./src/daemon/model/masking-terms.ts";
        export { sha256Of } from "./src/daemon/path/request/digest.ts";
        export { createBodyDecoders } from "./src/daemon/formats/coding/body-encoding.ts";`,
      resolveDir: root,
    },
    bundle: true,
    outfile: bundled,
    format: "esm",
    platform: "node",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire("/");',
    },
  });
}
const daemon = await import(pathToFileURL(bundled));
const { createPolicy, parsePolicy } = daemon;

const patterns = [
  String.raw`(?i)\bdrop\s+table\b`,
  String.raw`[a-z]+@[a-z]+\.example`,
  "(x+x+)+y",
  "(?s)begin.*middle.*end",
  "(a|b)*a(a|b){12}c",
  "sk-[A-Za-z0-9]{20,}",
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
const callRules = patterns.map(
  (pattern, index) =>
    `  - { name: r${index}, when: { toolCall: { arguments: { matches: ['${pattern}'] } } }, effect: deny }\n`,
);
const ofCalls = await parsePolicy(
  "calls.yaml",
  `version: 1\nrules:\n${callRules.join("")}`,
  "user",
);
if (ofCalls.problems.length > 0) throw new Error(JSON.stringify(ofCalls.problems));
const callPolicy = createPolicy(ofCalls.rules, "0");

if (process.argv[3] !== undefined) {
  console.log(JSON.stringify(await measureBody(only)));
  process.exit(0);
}
if (only === undefined || only === "prompts") await measurePrompts();
if (only === undefined || only === "calls") await measureCalls();
if (only === undefined || only === "bodies") measureBodies();

/** Each in a process of its own: memory that one took would hide what the next takes. */
function measureBodies() {
  // V8 lets tens of megabytes of garbage pile up in a small heap. Here it may keep a fifth of the heap.
  const flags = [
    "--max-semi-space-size=1",
    "--initial-old-space-size=16",
    `--heap-growing-percent=${100 * garbageOfHeap}`,
    "--expose-gc",
  ];
  console.log(
    "\nbody                          MiB  answer                     ms  loop held most ms  memory of its size",
  );
  const kinds = Object.keys(bodies).flatMap((name) => [1, 8, 64].map((size) => `${name}/${size}`));
  let missed = 0;
  for (const kind of [...kinds, "packed/60"]) {
    const text = execFileSync(
      process.execPath,
      [...flags, fileURLToPath(import.meta.url), kind, bundled],
      {
        encoding: "utf8",
      },
    );
    const { answer, took, held, memory } = JSON.parse(text);
    const [name, size] = kind.split("/");
    // The same body differs by 2 MiB from process to process: V8 takes memory in pages, and frees them later.
    const bad = held > 50 || memory > 4 + 2 / Number(size);
    missed += Number(bad);
    console.log(
      `${name.padEnd(28)} ${size.padStart(4)}  ${answer.padEnd(21)} ${took.toFixed(0).padStart(7)} ${held.toFixed(1).padStart(18)} ${memory.toFixed(2).padStart(19)}${bad ? "  MISSED" : ""}`,
    );
  }
  if (missed > 0) process.exitCode = 1;
}

/** What classify, decide and binding do with a body: read it, hold it against the rules, mask it, hash it. */
async function measureBody(kind) {
  const { openai, createMaskings, usualMasking, sha256Of, createBodyDecoders } = daemon;
  const { masking } = createMaskings();
  const limits = { bodyBytes: 64 << 20, unpackRatio: 100, jsonValues: 1_000_000 };
  const [name, mebibytes] = kind.split("/");
  const head = { method: "POST", path: "/responses", fullPath: "/v1/responses", query: "" };
  Object.assign(head, { contentType: "application/json" });
  const action = openai.recognise(head);
  async function pass(came, encoding) {
    const decode = createBodyDecoders(limits)(encoding);
    const body = decode === undefined ? came : await decode(came);
    const { operation, prompt } = await openai.describe(action, head, body, limits);
    const input = { ...inputOf(""), operation, prompt };
    await policy.prepare(input);
    policy.evaluate(input);
    const opened = masking.open("ses_1", usualMasking);
    await openai.maskRequest(head, body, { ...opened, parsed: true });
    await sha256Of([body]);
  }
  // Rules are compiled, and code is warm, before anything is measured.
  const warm = Buffer.from(
    `{"model":"m","input":"key ghp_${"a1B2".repeat(9)} ${"x ".repeat(1 << 20)}"}`,
  );
  for (let round = 0; round < 3; round += 1) await pass(warm);
  const packed = name === "packed";
  const { gzipSync } = await import("node:zlib");
  const text = packed ? `[${"{},".repeat(20 << 20)}0]` : bodies[name](Number(mebibytes) << 20);
  const body = packed ? gzipSync(text) : Buffer.from(text);
  const size = packed ? text.length : body.length;
  const rounds = [];
  // The first of a small body takes as much for the code that it makes warm.
  const times = Number(mebibytes) === 1 ? 7 : 3;
  for (let round = 0; round < times; round += 1) rounds.push(await measureRound());
  const sorted = (key) => rounds.map((round) => round[key]).sort((one, other) => one - other);
  // The least time: what other programs take of the machine is not ours. Of memory the median.
  const [took, held, memory] = [sorted("took")[0], sorted("held")[0], sorted("memory")[times >> 1]];
  return { ...rounds[0], took, held, memory };

  async function measureRound() {
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    const before = rss - (packed ? 0 : size) + heapUsed * garbageOfHeap;
    const delay = monitorEventLoopDelay({ resolution: 1 });
    let most = 0;
    const look = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 5);
    await new Promise((resolve) => setTimeout(resolve, 50));
    delay.enable();
    const start = performance.now();
    let answer = "read";
    try {
      await pass(body, packed ? "gzip" : undefined);
    } catch (error) {
      answer = `${error.code}`;
    }
    const took = performance.now() - start;
    delay.disable();
    clearInterval(look);
    return { answer, took, held: delay.max / 1e6, memory: (most - before) / size };
  }
}

/** What the gate does with a tool call of a reply before the rules are asked. */
async function measureCalls() {
  const kinds = {
    prose: "the quick brown fox jumps over the lazy dog ",
    escapes: String.raw`{\"a\":\"\\u0041\\n\"}`,
    quotes: '"",',
  };
  console.log("\ntool call's arguments    MiB        ms  loop held most ms");
  let missed = 0;
  for (const [name, unit] of Object.entries(kinds)) {
    for (const mebibytes of [1, 8, 30]) {
      const written = unit.repeat(Math.ceil((mebibytes << 20) / unit.length));
      let took = Number.POSITIVE_INFINITY;
      let held = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 3; round += 1) {
        const delay = monitorEventLoopDelay({ resolution: 1 });
        await new Promise((resolve) => setTimeout(resolve, 50));
        delay.enable();
        const start = performance.now();
        const call = { kind: "function", name: "write", arguments: written };
        const input = inputOf("");
        await callPolicy.prepare(input, call);
        callPolicy.evaluateToolCall(input, call);
        took = Math.min(took, performance.now() - start);
        delay.disable();
        held = Math.min(held, delay.max / 1e6);
      }
      const bad = held > 50;
      missed += Number(bad);
      console.log(
        `${name.padEnd(22)} ${String(mebibytes).padStart(5)} ${took.toFixed(0).padStart(9)} ${held.toFixed(1).padStart(18)}${bad ? "  MISSED" : ""}`,
      );
    }
  }
  if (missed > 0) process.exitCode = 1;
}

async function measurePrompts() {
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
