/**
 * Bench: hoopx with everything on, beside a bare node:http proxy, http-proxy-3
 * and a direct run, interleaved in rounds (bench/README.md says how to read it).
 *
 *   node bench/run.js [--quick] [--rounds N] [--json] [--gate] [--transport] [--profile DIR]
 */
import { existsSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startDaemon } from "./daemon.js";
import { judge } from "./goals.js";
import { cores, cpuMicros, pinning, residentMegabytes, startScript } from "./processes.js";
import { goalTable, targetTable } from "./report.js";
import { startupRound } from "./startup.js";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    json: { type: "boolean", default: false },
    gate: { type: "boolean", default: false },
    /** Compares transports, without hoopx: the figures of docs/decisions/0003. */
    transport: { type: "boolean", default: false },
    /** Writes a CPU profile of the daemon there; its figures are then not to be trusted. */
    profile: { type: "string" },
  },
});

const pace = options.quick
  ? { rounds: 3, warmUpMs: 3000, warmMs: 250, windowMs: 600, streamEvents: 160, startupTries: 3 }
  : { rounds: 5, warmUpMs: 5000, warmMs: 400, windowMs: 1500, streamEvents: 340, startupTries: 5 };
const rounds = Math.min(Number(options.rounds ?? pace.rounds), 50);
const streams = 50;
const idleStreams = 100;
const intervalMs = 5;
const orderLimitMs = 40_000;

const say = (text) => process.stderr.write(`${text}\n`);

async function ask(load, order) {
  const { result, error } = await load.ask(order, orderLimitMs);
  if (error !== undefined) throw new Error(`${order.order} of ${order.name}: ${error}`);
  return result;
}

/** Gives the load one order against a target, and notes what the target's process used for it. */
async function measured(load, { name, pid, target }, order) {
  const before = cpuMicros(pid);
  const result = await ask(load, { ...order, name, target });
  return { ...result, cpuMicros: (cpuMicros(pid) - before) / result.total };
}

const orders = {
  throughput: {
    order: "closedLoop",
    connections: 16,
    warmMs: pace.warmMs,
    windowMs: pace.windowMs,
  },
  latency: { order: "closedLoop", connections: 1, warmMs: pace.warmMs, windowMs: pace.windowMs },
  streams: {
    order: "pacedStreams",
    streams,
    events: pace.streamEvents,
    intervalMs,
    skip: Math.round(pace.streamEvents / 8),
  },
};

/** One round: every order against every target, the first target another one each time. */
async function runRound(load, targets, number) {
  const turn = [
    ...targets.slice(number % targets.length),
    ...targets.slice(0, number % targets.length),
  ];
  const round = {};
  for (const [title, order] of Object.entries(orders)) {
    round[title] = {};
    for (const target of turn) round[title][target.name] = await measured(load, target, order);
  }
  return round;
}

/** Load until V8 has compiled what is hot: a larger program needs seconds for it, and agents run for hours. */
function warmUp(load, { name, target }) {
  const [warmMs, windowMs] = [0, pace.warmUpMs];
  return ask(load, { ...orders.throughput, warmMs, windowMs, name, target });
}

/** Memory of a process that just carried a load and then holds 100 idle streams. */
async function idleMemory(load, { name, pid, target }) {
  await warmUp(load, { name, target });
  await ask(load, { order: "idleStreams", streams: idleStreams, name, target });
  await sleep(options.quick ? 500 : 2000);
  const megabytes = residentMegabytes(pid);
  await ask(load, { order: "release", name });
  return megabytes;
}

async function startCandidate(name, upstreamPort) {
  const script = await startScript(cores.proxies, "candidate.js", [name, String(upstreamPort)]);
  return {
    name,
    pid: script.pid,
    target: { port: script.first.port, path: "/v1/responses", headers: bearer },
    stop: script.stop,
  };
}

const bearer = { authorization: "Bearer sk-bench-0123456789abcdef0123456789abcdef" };

async function main() {
  const withDaemon = !options.transport;
  if (withDaemon && !existsSync(fileURLToPath(new URL("../dist/hoopxd.js", import.meta.url)))) {
    throw new Error("dist/ is missing: run npm run build first");
  }
  const stops = [];
  const started = async (starting) => {
    const thing = await starting;
    stops.push(thing.stop);
    return thing;
  };
  try {
    const upstream = await started(startScript(cores.load, "upstream.js"));
    const load = await started(startScript(cores.load, "load.js"));
    const upstreamPort = upstream.first.port;
    const direct = {
      name: "direct",
      pid: upstream.pid,
      target: { port: upstreamPort, path: "/v1/responses", headers: bearer },
      stop: () => {},
    };
    const profiling = options.profile
      ? ["--cpu-prof", `--cpu-prof-dir=${options.profile}`, "--cpu-prof-interval=200"]
      : [];
    const starters = {
      bare: () => startCandidate("bare", upstreamPort),
      "http-proxy-3": () => startCandidate("http-proxy-3", upstreamPort),
      ...(withDaemon
        ? { hoopx: () => startDaemon(upstreamPort, profiling) }
        : { undici: () => startCandidate("undici", upstreamPort) }),
    };

    say(`node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model}, ${pinning}`);
    const memory = {};
    for (const [name, start] of Object.entries(starters)) {
      const fresh = await started(start());
      memory[name] = await idleMemory(load, fresh);
      await fresh.stop();
    }
    say(`memory: ${JSON.stringify(memory)}`);

    const targets = [direct];
    for (const start of Object.values(starters)) targets.push(await started(start()));
    for (const target of targets) await warmUp(load, target);
    const figures = [];
    for (let number = 0; number < rounds; number += 1) {
      const round = await runRound(load, targets, number);
      if (number === 0) round.memory = memory;
      if (withDaemon) round.startup = startupRound(pace.startupTries);
      figures.push(round);
      say(`round ${number + 1} of ${rounds} done`);
    }
    const names = targets.map(({ name }) => name);
    const verdicts = withDaemon ? judge(figures) : [];
    if (options.json) console.log(JSON.stringify({ goals: verdicts, rounds: figures }, null, 1));
    else {
      console.log(`\n${targetTable(figures, names)}\n`);
      if (withDaemon) console.log(goalTable(verdicts));
    }
    if (options.gate && verdicts.some(({ met }) => !met)) process.exitCode = 1;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

await main();
