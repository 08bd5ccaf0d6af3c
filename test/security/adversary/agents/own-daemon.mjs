// Ends the daemon and starts hoopx's own program in its place, before the run can: with nothing of the
// run's variables, and forked twice. Ends with its stdin.
import { control, pause, quoted, say, spawn } from "./tools.mjs";

const { DAEMON, PATH, HOME, HOOPX_HOME, HOOPX_PORT, HOOPX_SYSTEM_CONFIG, HOOPX_SYSTEM_POLICY } =
  process.env;
const env = { PATH, HOME, HOOPX_HOME, HOOPX_PORT, HOOPX_SYSTEM_CONFIG, HOOPX_SYSTEM_POLICY };
const runner = process.ppid;
const { body: before } = await control("GET", "/v1/daemon");
process.kill(runner, "SIGSTOP");
process.kill(before.pid, "SIGKILL");
const words = quoted([process.execPath, DAEMON]);
spawn("sh", ["-c", `(setsid ${words} &)`], { env, stdio: "ignore", cwd: "/" });
for (;;) {
  const answer = await control("GET", "/v1/daemon").catch(() => undefined);
  if (answer !== undefined && answer.body.pid !== before.pid) {
    process.kill(runner, "SIGCONT");
    say({ pid: answer.body.pid });
    break;
  }
  await pause(50);
}
process.stdin.on("end", () => process.exit(0)).resume();
