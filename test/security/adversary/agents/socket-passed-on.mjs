// Has a helper connect to the control socket, hand the connection to a child, and end; the child approves on it.
import { end, nothing, socketPath, spawn, waitingDelete } from "./tools.mjs";

const { id } = await waitingDelete();
const body = "{}";
const lines = [
  `POST /v1/reviews/${id}/approve HTTP/1.1`,
  "Host: hoopx",
  "Content-Type: application/json",
  `Content-Length: ${body.length}`,
  "Connection: close",
  "",
  body,
];
// The child waits until the test says that it may go on: then its parent has ended.
const heir = `
  const wait = () => {
    if (!require("fs").existsSync(process.env.GO)) return setTimeout(wait, 20);
    const socket = new (require("net").Socket)({ fd: 3 });
    socket.on("data", (text) => { console.log(String(text).split(" ")[1]); process.exit(); });
    socket.write(process.env.REQUEST);
  };
  wait();`;
const helper = `
  const socket = require("net").connect(process.env.SOCKET, () => {
    const options = { stdio: ["ignore", 1, 2, socket._handle.fd] };
    require("child_process").spawn(process.execPath, ["-e", process.env.HEIR], options);
    process.exit();
  });`;
const env = {
  ...nothing,
  SOCKET: socketPath,
  HEIR: heir,
  GO: process.env.GO,
  REQUEST: lines.join("\r\n"),
};
const started = spawn(process.execPath, ["-e", helper], {
  env,
  stdio: ["ignore", "pipe", "inherit"],
});
let status = "";
started.stdout.on("data", (text) => {
  status += text;
});
started.on("exit", () => process.stdout.write(`${JSON.stringify({ opener: started.pid })}\n`));
await new Promise((resolve) => started.stdout.once("close", resolve));
end({ approve: Number(status) });
