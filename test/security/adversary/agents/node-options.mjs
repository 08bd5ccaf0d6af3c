// Ends the daemon and starts one of its own, with options of Node that load code, write memory or secrets.
import { control, end, nothing, spawnSync } from "./tools.mjs";

const { DAEMON: daemon, HOOPX_HOME, EVIL: evil } = process.env;
const options = [
  `--require=${evil}`,
  `--import=${evil}`,
  "--inspect=0",
  "--heapsnapshot-signal=SIGUSR2",
  "--tls-keylog=/tmp/keys",
  "--report-on-signal",
  "--openssl-config=/tmp/x",
];
const env = { ...nothing, HOME: HOOPX_HOME, HOOPX_HOME };
// A home that is none of the run's daemon's: what is tried is the start alone.
const home = { ...env, HOOPX_HOME: `${HOOPX_HOME}/of-the-agent` };
const exits = {};
for (const option of options) {
  const limit = { timeout: 20_000, stdio: "ignore" };
  const variable = spawnSync(process.execPath, [daemon], {
    env: { ...home, NODE_OPTIONS: option },
    ...limit,
  });
  const argument = spawnSync(process.execPath, [option, daemon], { env: home, ...limit });
  exits[option.split("=")[0]] = [variable.status, argument.status];
}
end({ exits, daemon: (await control("GET", "/v1/daemon")).status });
