/**
 * Start-up: how long `hoopx --version` takes beside `node -e 0`, one after the
 * other in turns, so that both meet the same machine.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cores, pinnedNode } from "./processes.js";

const program = fileURLToPath(new URL("../bin/hoopx.js", import.meta.url));

function timed(args) {
  const { command, args: all } = pinnedNode(cores.proxies, args);
  const begin = process.hrtime.bigint();
  const { status, stderr } = spawnSync(command, all, { timeout: 20_000, env: plainEnvironment() });
  if (status !== 0) throw new Error(`node ${args.join(" ")} exited with ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - begin) / 1e6;
}

/** NODE_EXTRA_CA_CERTS and NODE_OPTIONS cost time that is not ours. */
function plainEnvironment() {
  const { NODE_EXTRA_CA_CERTS: _certificates, NODE_OPTIONS: _options, ...rest } = process.env;
  return rest;
}

/** Milliseconds of one turn: the quickest of `tries` starts of each. */
export function startupRound(tries) {
  const node = [];
  const hoopx = [];
  for (let number = 0; number < tries; number += 1) {
    node.push(timed(["-e", "0"]));
    hoopx.push(timed([program, "--version"]));
  }
  return { node: Math.min(...node), hoopx: Math.min(...hoopx) };
}
