// Puts a `hoopx`, a `hoopxd` and a `node` of its own first on PATH and into its folder, then ends the
// daemon: the command that starts the next one must not take them.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { call, control, end, pause } from "./tools.mjs";

const folder = process.env.TRAP;
mkdirSync(folder, { recursive: true });
for (const name of ["hoopx", "hoopxd", "node", "sh"]) {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho caught >> '${folder}/caught'\n`);
  chmodSync(file, 0o755);
}
process.env.PATH = `${folder}:${process.env.PATH}`;
process.chdir(folder);
const { body } = await control("GET", "/v1/daemon");
process.kill(body.pid, "SIGKILL");
for (;;) {
  const { status } = await call("GET", "/models").catch(() => ({ status: 0 }));
  if (status === 200) end({ status });
  await pause(50);
}
