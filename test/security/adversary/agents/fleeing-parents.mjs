// Approves again and again while the processes above the approving one end: a look that reads one that
// has just gone must not take that for the end of the tree.
import { approver, end, nothing, quoted, spawn, waitingDelete } from "./tools.mjs";

const { id } = await waitingDelete();
const tries = Array.from({ length: 8 }, () => approver(id));
for (const { command } of tries) {
  const nested = `sh -c "sh -c \\"${quoted(command)} &\\" &" &`;
  spawn("sh", ["-c", nested], { env: nothing, stdio: "ignore" });
}
end({ approve: Math.min(...(await Promise.all(tries.map(({ status }) => status())))) });
