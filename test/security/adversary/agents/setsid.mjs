// Makes a session and a process group of its own, and leaves its parent.
import { approver, end, nothing, quoted, spawn, waitingDelete } from "./tools.mjs";

const { id } = await waitingDelete();
const { command, status } = approver(id);
const script = `setsid sh -c "${quoted(command)} &" &`;
spawn("sh", ["-c", script], { env: nothing, stdio: "ignore", detached: true });
end({ approve: await status() });
