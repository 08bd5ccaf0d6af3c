/**
 * Kernel: what Linux says of a socket's other end and of a file's locks. Node
 * asks for neither, so it is asked through koffi, of the C library that Node
 * itself is linked with. Here are the calls alone, and no judgement.
 */
import { endianness } from "node:os";

/** What came on a socket: its bytes, and the process that wrote them (SCM_CREDENTIALS, unix(7)). */
export interface Received {
  readonly bytes: Buffer;
  /** 0 where it is in a pid namespace that this process cannot see. */
  readonly sender: number;
}

export interface Kernel {
  /** From here on the socket tells of each message which process wrote it. */
  tellSenders(fd: number): boolean;
  /** What lies there to be read; undefined where nothing does yet. Throws where the connection is over. */
  receive(fd: number): Received | undefined;
  /** The process whose lock keeps this one from writing to these bytes; undefined where none does. */
  lockHolder(fd: number, from: number, length: number): number | undefined;
  /** Locks one byte for as long as the file stays open; false where another process has it. */
  lockByte(fd: number, at: number): boolean;
  unlockByte(fd: number, at: number): void;
}

const solSocket = 1;
/** Their numbers are the architecture's own; PowerPC has another than all others that Node runs on. */
const soPassCred = process.arch === "ppc64" ? 20 : 16;
const scmCredentials = 2;
const dontWait = 0x40;
const eagain = 11;
const getLock = 5;
const setLock = 6;
const writeLock = 1;
const unlocked = 2;

/** Longer than the head of any answer of the daemon's. */
const mostBytes = 8_192;
const controlBytes = 64;

/** Loads the calls; undefined where this system has none of it. */
export async function loadKernel(): Promise<Kernel | undefined> {
  if (process.platform !== "linux") return undefined;
  try {
    return await callsOf();
  } catch {
    // No native code for this system.
    return undefined;
  }
}

async function callsOf(): Promise<Kernel> {
  const { default: koffi } = await import("koffi");
  const library = koffi.load(null);
  const piece = koffi.struct({ base: "void *", length: "size_t" });
  const message = koffi.struct({
    ...{ name: "void *", nameLength: "uint32_t" },
    ...{ pieces: koffi.pointer(piece), pieceCount: "size_t" },
    ...{ control: "void *", controlLength: "size_t", flags: "int" },
  });
  const lock = koffi.struct({
    ...{ type: "short", whence: "short", start: "long", length: "long", pid: "int" },
  });
  const setsockopt = library.func("int setsockopt(int, int, int, void *, uint32_t)");
  const recvmsg = library.func("recvmsg", "intptr_t", [
    "int",
    koffi.inout(koffi.pointer(message)),
    "int",
  ]);
  const fcntl = library.func("fcntl", "int", ["int", "int", koffi.inout(koffi.pointer(lock))]);
  /** Where the fields of a control message begin: its length, level, type, then its content. */
  const word = koffi.sizeof("size_t");
  const at = { level: word, type: word + 4, pid: word + 8 };

  return {
    tellSenders: (fd) => setsockopt(fd, solSocket, soPassCred, new Int32Array([1]), 4) === 0,

    receive(fd) {
      const bytes = Buffer.alloc(mostBytes);
      const control = Buffer.alloc(controlBytes);
      const asked = {
        ...{ name: null, nameLength: 0 },
        ...{ pieces: { base: bytes, length: bytes.length }, pieceCount: 1 },
        ...{ control, controlLength: control.length, flags: 0 },
      };
      const length = Number(recvmsg(fd, asked, dontWait));
      if (length < 0 && koffi.errno() === eagain) return undefined;
      if (length <= 0) throw new Error("the connection is over");
      const words = new DataView(control.buffer, control.byteOffset, control.length);
      const little = endianness() === "LE";
      const isTold =
        Number(asked.controlLength) >= at.pid + 4 &&
        words.getInt32(at.level, little) === solSocket &&
        words.getInt32(at.type, little) === scmCredentials;
      if (!isTold) throw new Error("the kernel does not tell who answered");
      return { bytes: bytes.subarray(0, length), sender: words.getInt32(at.pid, little) };
    },

    lockHolder(fd, from, length) {
      const asked = { type: writeLock, whence: 0, start: from, length, pid: 0 };
      if (fcntl(fd, getLock, asked) !== 0) throw new Error("the lock cannot be asked for");
      return asked.type === unlocked ? undefined : asked.pid;
    },

    lockByte: (fd, start) =>
      fcntl(fd, setLock, { type: writeLock, whence: 0, start, length: 1, pid: 0 }) === 0,

    unlockByte: (fd, start) =>
      void fcntl(fd, setLock, { type: unlocked, whence: 0, start, length: 1, pid: 0 }),
  };
}
