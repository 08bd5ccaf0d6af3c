// Approves from a child that has none of the run's variables.
import { approver, end, nothing, spawn, waitingDelete } from "./tools.mjs";

const { id } = await waitingDelete();
const { command, status } = approver(id);
const [program, ...words] = command;
spawn(program, words, { env: nothing, stdio: "ignore" });
end({ approve: await status() });
