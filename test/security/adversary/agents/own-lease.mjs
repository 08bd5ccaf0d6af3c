// Takes the lease with its own token and names a helper as the run's process, then approves.
import { approver, control, end, nothing, session, spawn, token, waitingDelete } from "./tools.mjs";

const { id } = await waitingDelete();
const helper = spawn("sleep", ["30"], { env: nothing, stdio: "ignore" });
const path = `/v1/sessions/${session}/lease`;
const lease = await control("POST", path, { token, childPid: helper.pid }, { firstLine: true });
const over = await control("POST", `/v1/sessions/${session}/end`, { exitCode: 0 });
const { command, status } = approver(id);
const [program, ...words] = command;
spawn(program, words, { env: nothing, stdio: "ignore" });
const approve = await status();
helper.kill("SIGKILL");
end({ lease: lease.status, end: over.status, approve });
