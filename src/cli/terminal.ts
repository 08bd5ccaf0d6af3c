/**
 * Terminal: the streams of this process. Output is written with blocking calls
 * on the bare descriptor: opening `process.stdout` would make a pipe
 * non-blocking for the child of `hoopx run` too, which shares it, and a closed
 * pipe shows at once, at the write that met it.
 */
import { writeSync } from "node:fs";
import { isatty } from "node:tty";

export interface Output {
  readonly isTTY: boolean;
  /** Width of the terminal in cells; 80 where it does not say. */
  readonly columns: number;
  /** Lines of the terminal; absent where it does not say. */
  readonly rows?: number | undefined;
  write(text: string | Uint8Array): void;
}

export interface Input {
  readonly isTTY: boolean;
  /** Everything until it ends. */
  text(): Promise<string>;
  /** Bytes as they come. */
  bytes(): AsyncIterable<Uint8Array>;
}

/** Stdout is read no more (`hoopx sessions | head -1`): the command ends without a word. */
export class ClosedPipe extends Error {
  constructor(cause: unknown) {
    super("the pipe was closed", { cause });
    this.name = "ClosedPipe";
  }
}

/** stdout (1) or stderr (2). */
export function openOutput(descriptor: 1 | 2): Output {
  const isTTY = isatty(descriptor);
  return {
    isTTY,
    get columns() {
      // Safe on a terminal: Node opens it again instead of changing the shared descriptor.
      const stream = descriptor === 1 ? process.stdout : process.stderr;
      return isTTY && stream.columns > 0 ? stream.columns : 80;
    },
    get rows() {
      const stream = descriptor === 1 ? process.stdout : process.stderr;
      return isTTY && stream.rows > 0 ? stream.rows : undefined;
    },
    write(text) {
      let rest: Uint8Array = typeof text === "string" ? Buffer.from(text) : text;
      while (rest.length > 0) rest = rest.subarray(writeSome(descriptor, rest));
    },
  };
}

function writeSome(descriptor: number, bytes: Uint8Array): number {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another program made the shared pipe non-blocking, and it is full: wait for its reader.
    if (code === "EAGAIN") {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      return 0;
    }
    if (code === "EPIPE" || code === "EIO") {
      // Messages that are not read must not end what they tell of: an agent runs on, its exit code counts.
      if (descriptor === 2) return bytes.length;
      throw new ClosedPipe(error);
    }
    throw error;
  }
}

/** stdin, which is not touched before it is read: `hoopx run` leaves it to its child. */
export function openInput(): Input {
  return {
    isTTY: isatty(0),
    bytes: () => process.stdin,
    async text() {
      let text = "";
      process.stdin.setEncoding("utf8");
      for await (const chunk of process.stdin) text += chunk;
      return text;
    },
  };
}
