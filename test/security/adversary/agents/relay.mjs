// Puts a relay in place of the control socket, again whenever the daemon binds its own, and writes down
// what goes through. Ends with its stdin.
import { appendFileSync, lstatSync, renameSync } from "node:fs";
import { connect, createServer } from "node:net";
import { say, socketPath } from "./tools.mjs";

const { LOG } = process.env;
let own;
let real;
let count = 0;

function relay(client) {
  const daemon = connect(real);
  client.on("data", (piece) => {
    appendFileSync(LOG, piece);
    daemon.write(piece);
  });
  daemon.on("data", (piece) => client.write(piece));
  for (const [one, other] of [
    [client, daemon],
    [daemon, client],
  ]) {
    one.on("error", () => undefined);
    one.on("close", () => other.destroy());
  }
}

let busy = false;
setInterval(() => {
  const there = lstatSync(socketPath, { throwIfNoEntry: false });
  if (busy || there === undefined || there.ino === own) return;
  busy = true;
  count += 1;
  const mine = `${socketPath}.${count}`;
  createServer(relay).listen(mine, () => {
    own = lstatSync(mine).ino;
    real = `${mine}.real`;
    renameSync(socketPath, real);
    renameSync(mine, socketPath);
    busy = false;
    if (count === 1) say({ there: true });
  });
}, 5);
process.stdin.on("end", () => process.exit(0)).resume();
