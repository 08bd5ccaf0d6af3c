/**
 * Socket table: from a connection's two ends to the client's own socket, by
 * the kernel's list (/proc/net/tcp, tcp6). Reading it walks the kernel's whole
 * table (5 ms where that is large), so it is read off the main thread, one
 * reading at a time, and all who ask before a reading begins share it.
 */
import { readFile } from "node:fs/promises";
import { endianness } from "node:os";
import { setImmediate as turn } from "node:timers/promises";

export interface SocketEnd {
  readonly address: string;
  readonly port: number;
}

export interface SocketTable {
  /** Inode of the client's socket; undefined where it has none any more: the client closed it. */
  inodeOf(client: SocketEnd, server: SocketEnd): Promise<number | undefined>;
}

/** Creates the table; `read` gives the kernel's list of a family. */
export function createSocketTable(
  read: (file: string) => Promise<string> = (file) => readFile(file, "latin1"),
): SocketTable {
  const four = shared(() => read("/proc/net/tcp"));
  const six = shared(() => read("/proc/net/tcp6"));
  return {
    async inodeOf(client, server) {
      const from = plain(client.address);
      const to = plain(server.address);
      if (from.includes(":")) {
        return inodeIn(await six(), hexOfSix(from), hexOfSix(to), client, server);
      }
      const found = inodeIn(await four(), hexOfFour(from), hexOfFour(to), client, server);
      if (found !== undefined) return found;
      // A client whose socket is of IPv6 reaches 127.0.0.1 as ::ffff:127.0.0.1 (Java's do).
      const mapped = (address: string) => mappedPrefix + hexOfFour(address);
      return inodeIn(await six(), mapped(from), mapped(to), client, server);
    },
  };
}

/** One reading at a time; those who ask while one runs wait for the next, which sees their socket. */
function shared(read: () => Promise<string>): () => Promise<string> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<string> | undefined;
  return () => {
    next ??= running
      // A moment, so that connections that came together are looked up together.
      .then(() => turn())
      .then(() => {
        next = undefined;
        return read();
      });
    running = next.catch(() => undefined);
    return next;
  };
}

/** Rows are `sl local remote st tx:rx tr:when retrnsmt uid timeout inode …`, addresses in hex. */
function inodeIn(
  table: string,
  fromHex: string,
  toHex: string,
  client: SocketEnd,
  server: SocketEnd,
): number | undefined {
  const at = table.indexOf(` ${fromHex}:${portHex(client.port)} ${toHex}:${portHex(server.port)} `);
  if (at === -1) return undefined;
  const end = table.indexOf("\n", at);
  const inode = Number(table.slice(at + 1, end === -1 ? undefined : end).split(/ +/)[8]);
  // 0: the socket lives on in the kernel only, to finish its goodbye.
  return inode > 0 ? inode : undefined;
}

const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
const portHex = (port: number) => port.toString(16).toUpperCase().padStart(4, "0");

/** The kernel prints addresses as 32-bit words in the machine's own byte order. */
function wordHex(bytes: readonly number[]): string {
  const ordered = endianness() === "LE" ? [...bytes].reverse() : bytes;
  return ordered.map((byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join("");
}

const hexOfFour = (address: string) => wordHex(address.split(".").map(Number));
const mappedPrefix = wordHex([0, 0, 0, 0]) + wordHex([0, 0, 0, 0]) + wordHex([0, 0, 0xff, 0xff]);

function hexOfSix(address: string): string {
  const [head = "", tail] = address.split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":"));
  const before = groups(head);
  const after = groups(tail ?? "");
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  const bytes = [...before, ...zeros, ...after].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
  return [0, 4, 8, 12].map((from) => wordHex(bytes.slice(from, from + 4))).join("");
}
