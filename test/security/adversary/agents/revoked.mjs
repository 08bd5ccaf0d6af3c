// Revokes its own session and goes on below its runner: then it approves what another session waits for.
import { approver, control, end, nothing, session, spawn } from "./tools.mjs";

const revoked = await control("POST", `/v1/sessions/${session}/revoke`);
const { command, status } = approver(process.env.REVIEW);
const [program, ...words] = command;
spawn(program, words, { env: nothing, stdio: "ignore" });
end({ revoke: revoked.status, approve: await status() });
