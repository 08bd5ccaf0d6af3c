import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { endianness, networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { processTable } from "../../../src/daemon/processes/process-table.js";
import { createSocketTable } from "../../../src/daemon/processes/socket-table.js";

const heading =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const row = (from: string, to: string, inode: number) =>
  `   0: ${from} ${to} 01 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000000000000000 20 4 30 10 -1\n`;

/** 127.0.0.1 and ::ffff:127.0.0.1 as this machine's kernel prints them. */
const four = endianness() === "LE" ? "0100007F" : "7F000001";
const mapped = `0000000000000000${endianness() === "LE" ? "FFFF0000" : "0000FFFF"}${four}`;
const six = `000000000000000000000000${endianness() === "LE" ? "01000000" : "00000001"}`;

const client = { address: "127.0.0.1", port: 50_000 };
const server = { address: "127.0.0.1", port: 4141 };
const port = (number: number) => number.toString(16).toUpperCase().padStart(4, "0");
const [from, to] = [port(50_000), port(4141)];

function tableOf(texts: Readonly<Record<string, string>>) {
  const reads: string[] = [];
  const table = createSocketTable(async (file) => {
    reads.push(file);
    return heading + (texts[file] ?? "");
  });
  return { table, reads };
}

test("the client's row is the one whose local end is the client's", async () => {
  const { table } = tableOf({
    "/proc/net/tcp":
      row(`${four}:${to}`, `${four}:${from}`, 11) + row(`${four}:${from}`, `${four}:${to}`, 12),
  });
  expect(await table.inodeOf(client, server)).toBe(12);
  expect(await table.inodeOf({ ...client, port: 50_001 }, server)).toBeUndefined();
});

test("a socket that only the kernel has left has no inode", async () => {
  const { table } = tableOf({ "/proc/net/tcp": row(`${four}:${from}`, `${four}:${to}`, 0) });
  expect(await table.inodeOf(client, server)).toBeUndefined();
});

test("an IPv6 socket that reached 127.0.0.1 is in tcp6 under a mapped address", async () => {
  const text = row(`${mapped}:${from}`, `${mapped}:${to}`, 13);
  const { table } = tableOf({ "/proc/net/tcp6": text });
  expect(await table.inodeOf(client, server)).toBe(13);
  const dual = { address: "::ffff:127.0.0.1" };
  expect(await table.inodeOf({ ...client, ...dual }, { ...server, ...dual })).toBe(13);
});

test("::1 is looked for in tcp6 alone", async () => {
  const text = row(`${six}:${from}`, `${six}:${to}`, 14);
  const { table, reads } = tableOf({ "/proc/net/tcp6": text });
  expect(
    await table.inodeOf({ address: "::1", port: 50_000 }, { address: "::1", port: 4141 }),
  ).toBe(14);
  expect(reads).toEqual(["/proc/net/tcp6"]);
});

test("fifty who ask together share a reading; one who asks during it gets the next", async () => {
  const text = row(`${four}:${from}`, `${four}:${to}`, 12);
  let finish: (() => void) | undefined;
  let reads = 0;
  const table = createSocketTable(async () => {
    reads += 1;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return text;
  });
  const fifty = Array.from({ length: 50 }, () => table.inodeOf(client, server));
  await expect.poll(() => reads).toBe(1);
  const late = table.inodeOf(client, server);
  finish?.();
  expect(new Set(await Promise.all(fifty))).toEqual(new Set([12]));
  await expect.poll(() => reads).toBe(2);
  finish?.();
  expect(await late).toBe(12);
});

test("a reading that fails fails those who asked, and not the next", async () => {
  let fails = true;
  const table = createSocketTable(async () => {
    if (fails) throw new Error("EMFILE");
    return row(`${four}:${from}`, `${four}:${to}`, 12);
  });
  await expect(table.inodeOf(client, server)).rejects.toThrow("EMFILE");
  fails = false;
  expect(await table.inodeOf(client, server)).toBe(12);
});

const hasSix = Object.values(networkInterfaces())
  .flat()
  .some((each) => each?.address === "::1");

test.runIf(process.platform === "linux").each([
  ["127.0.0.1", true],
  ["::ffff:127.0.0.1", hasSix],
])("a real socket to %s is found, and is ours", async (host, possible) => {
  if (!possible) return;
  const listening = createServer();
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const accepted = once(listening, "connection");
  const socket = connect((listening.address() as AddressInfo).port, host);
  const [peer] = await accepted;
  const inode = await createSocketTable().inodeOf(
    { address: peer.remoteAddress, port: peer.remotePort },
    { address: peer.localAddress, port: peer.localPort },
  );
  expect(inode).toBeGreaterThan(0);
  expect([...processTable.sockets(process.pid)]).toContain(inode);
  expect([...processTable.sockets(process.ppid)]).not.toContain(inode);
  socket.destroy();
  peer.destroy();
  listening.close();
});
