/**
 * Conversations: what a turn costs that brings all turns before it along, of
 * 72 KB and of 400 KB, against the bare proxy in the same round. An agent sends
 * its whole conversation with each turn; after 16 turns each of the four takes
 * its conversation up again where it began. CPU of all threads of the process.
 *
 *   npm run bench -- conversations [--rounds N] [--profile DIR] [--gate]
 */
import { parseArgs } from "node:util";
import { startDaemon } from "./daemon.js";
import { cores, cpuMicros, pinning, startScript } from "./processes.js";
import { median } from "./statistics.js";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    gate: { type: "boolean", default: false },
    /** Writes a CPU profile of the daemon there; its figures are then not to be trusted. */
    profile: { type: "string" },
  },
});
const rounds = Math.min(Number(options.rounds), 50);
const sizes = [72_000, 400_000];
const limit = 1.2;
const order = { order: "closedLoop", connections: 4, warmMs: 0 };
const warmUpMs = 4000;
const windowMs = 1500;

const stops = [];
const started = async (starting) => {
  const thing = await starting;
  stops.push(thing.stop);
  return thing;
};

async function measured(load, { name, pid, target }, conversation, windowMs) {
  const before = cpuMicros(pid);
  const asked = { ...order, windowMs, conversation, name, target };
  const { result, error } = await load.ask(asked, 60_000);
  if (error !== undefined) throw new Error(`${name}: ${error}`);
  return (cpuMicros(pid) - before) / result.total;
}

try {
  const upstream = await started(startScript(cores.load, "upstream.js"));
  const load = await started(startScript(cores.load, "load.js"));
  const { port } = upstream.first;
  const bare = await started(startScript(cores.proxies, "candidate.js", ["bare", String(port)]));
  const profiling = options.profile
    ? ["--cpu-prof", `--cpu-prof-dir=${options.profile}`, "--cpu-prof-interval=200"]
    : [];
  const targets = [
    { name: "bare", pid: bare.pid, target: { port: bare.first.port, path: "/v1/responses" } },
    await started(startDaemon(port, profiling)),
  ];
  console.log(`node ${process.version}, ${pinning}`);
  for (const size of sizes) {
    for (const target of targets) await measured(load, target, size, warmUpMs);
    const figures = { bare: [], hoopx: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const target of round % 2 === 0 ? targets : targets.toReversed()) {
        figures[target.name].push(await measured(load, target, size, windowMs));
      }
    }
    const ratio = median(figures.hoopx.map((micros, round) => micros / figures.bare[round]));
    console.log(
      `turns of ${size / 1000} KB: bare ${median(figures.bare).toFixed(0)} µs, ` +
        `hoopx ${median(figures.hoopx).toFixed(0)} µs, ${ratio.toFixed(2)} of bare (goal ≤ ${limit})`,
    );
    if (options.gate && !(ratio <= limit)) process.exitCode = 1;
  }
} finally {
  for (const stop of stops.reverse()) await stop();
}
