/**
 * Options of a re-run, as rows of the command table.
 */
import { replayRules } from "../../contract/replay-views.js";
import { usage } from "../cli-error.js";
import type { OptionSpec } from "../commands/command.js";
import { parseCount } from "../parse.js";
import type { ServeInput } from "./serve.js";

export const rerunOptions: readonly OptionSpec[] = [
  { flags: "--serve", description: "answer an agent's requests from the record" },
  {
    flags: "--on-miss <what>",
    description: "a request that is not in the record: fail, live (send it) or nearest",
    choices: ["fail", "live", "nearest"],
  },
  {
    flags: "--from <number>",
    description: "from this exchange on send requests, as hoopx run does",
    parse: parseCount("--from", "2"),
  },
  {
    flags: "--pace <pace>",
    description: "replies as fast as they came then (recorded), or at once (none, the default)",
    choices: ["recorded", "none"],
  },
  {
    flags: "--ignore <place>",
    description: "a place in requests that may differ, 'input[*].content' (again for more)",
    repeat: true,
  },
  {
    flags: "--exact <rule>",
    description: `what has to be the same after all: ${replayRules.join(", ")} (again for more)`,
    repeat: true,
  },
  { flags: "--strict", description: "fail, too, where a recorded exchange was not asked for" },
  { flags: "--report <file>", description: "write a JUnit report", complete: "file" },
  {
    flags: "--port <port>",
    description: "be reached at this port of this machine too",
    parse: parsePort,
  },
];

/** Without `--serve` nothing runs that they could be about. */
export function refuseStrayOptions(input: ServeInput): void {
  const { onMiss, from, pace, ignore = [], exact = [], strict, report, port } = input;
  const given = { "--on-miss": onMiss, "--from": from, "--pace": pace, "--strict": strict };
  const more = { "--report": report, "--port": port, "--ignore": ignore[0], "--exact": exact[0] };
  const stray = Object.entries({ ...given, ...more }).find(([, value]) => value !== undefined);
  if (stray === undefined) return;
  throw usage(`${stray[0]} is for a re-run`, `hoopx replay ID --serve ${stray[0]} … -- CMD`);
}

function parsePort(text: string): number {
  const port = parseCount("--port", "8080")(text);
  if (port < 65_536) return port;
  throw usage("--port takes a port below 65536", "write --port 8080");
}
