import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqlite } from "../../../src/daemon/store/sqlite.js";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import { built } from "./built.js";
import { temporaryFolder } from "./temporary-folder.js";

const kills = 24;

test(`kill -9 at ${kills} random moments loses nothing that was called durable`, async () => {
  const folder = temporaryFolder();
  const file = join(folder, "hoopx.db");
  const writer = await built("test/daemon/store/kill-writer.ts", folder);
  const checkpointer = await built("src/daemon/store/checkpointer.ts", folder);
  let checked = 0;
  for (let round = 0; round < kills; round += 1) {
    const lines = await killedAfter([writer, file, checkpointer], 1 + Math.random() * 800);
    const store = await openStore({ file, warn: (message) => expect.fail(message) });
    const beside = openSqlite(file, { readonly: true });
    expect(beside.pragma("integrity_check", { simple: true })).toBe("ok");
    beside.close();
    for (const line of lines) {
      const [what, key = "", at, length] = line.split(" ");
      const record = await store.exchanges.find(BigInt(key));
      expect(record, line).toBeDefined();
      if (what === "closed") expect(record?.ending?.error, line).toBeNull();
      if (what === "opened") expect(record?.ending, line).not.toBeNull();
      if (what === "frame") {
        const frames = await store.exchanges.frames(BigInt(key));
        const frame = frames.find(
          ({ kind, at: when }) => kind === "reply-body" && `${when}` === at,
        );
        expect(frame?.data.length, line).toBe(Number(length));
      }
      checked += 1;
    }
    await store.close();
  }
  expect(checked).toBeGreaterThan(kills);
}, 300_000);

/** What the writer said until it was killed, after so many lines. */
async function killedAfter(command: readonly string[], lines: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  let count = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    for (const byte of chunk) if (byte === 10) count += 1;
    if (count >= lines) child.kill("SIGKILL");
  });
  const [, signal] = await once(child, "close");
  expect(signal).toBe("SIGKILL");
  // The last line may be cut.
  const whole = said.slice(0, said.lastIndexOf("\n"));
  return whole.split("\n");
}
