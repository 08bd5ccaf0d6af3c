/**
 * Kill writer: a process that writes exchanges to the store as fast as it can
 * and names each write once it is durable, until somebody kills it.
 */
import { writeSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import { close, frameOf, openingOf } from "../../contracts/records.js";

const [, , file = "", checkpointer = ""] = process.argv;
const store = await openStore({
  file,
  checkpointer: pathToFileURL(checkpointer),
  warn: (message) => say(`warned ${message}`),
});
const first = BigInt(Date.now()) << 22n;

// Synchronous, so that what was said before the kill is in the pipe.
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

async function write(lane: number): Promise<void> {
  for (let count = 0; ; count += 1) {
    const key = first + BigInt(count * 8 + lane);
    await store.transcripts.open(openingOf(key));
    say(`opened ${key}`);
    for (const at of [1, 2, 3]) {
      const text = `${at}`.repeat(1 + ((count * 997) % 30_000));
      store.transcripts.append(key, frameOf("reply-body", at, text), (error) => {
        if (error === undefined) say(`frame ${key} ${at} ${text.length}`);
      });
      if (at === 2) await new Promise(setImmediate);
    }
    await close(store, key);
    say(`closed ${key}`);
  }
}

for (let lane = 0; lane < 8; lane += 1) void write(lane);
