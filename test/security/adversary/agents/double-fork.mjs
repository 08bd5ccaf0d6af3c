// Forks twice, so that the approving process's parent has ended.
import { approver, end, nothing, quoted, spawn, waitingDelete } from "./tools.mjs";

const { id } = await waitingDelete();
const { command, status } = approver(id);
spawn("sh", ["-c", `(${quoted(command)} &)`], { env: nothing, stdio: "ignore" });
end({ approve: await status() });
