/**
 * Stored chunks: how the frames of exchanges that are over are kept small. A row
 * of frames becomes a list of chunks, or a window of one; a chunk is there once
 * for a session, deflated. What a row holds is the same as before, to the
 * byte: the chain's hashes are over that. Their table is called `pieces`.
 *
 * A packed row begins with a frame's kind, which is below 0x80 | 0x20; these
 * two marks are not.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Database } from "better-sqlite3";

/** `mark, length, parts`: bytes of its own and chunks, joined. */
const list = 0x7f;
/** `mark, id, offset, length`: a part of one chunk. */
const window = 0x7e;

/** A row, or a chunk, that is longer was never written: a few bytes of a file may unpack into gigabytes. */
const longestRow = 16 * 1024 * 1024;

/** Room for the chunk of a stream, bytes. */
const usuallyKept = 512 * 1024;

export interface StoredChunks {
  /** A row as it was written. */
  expand(row: Buffer): Buffer;
  /** The chunk of this session with these bytes; undefined where there is none. */
  find(session: string, digest: Buffer): number | undefined;
  /** Inside a transaction of the caller. */
  add(session: string, digest: Buffer, packed: Buffer): number;
  /** A session is pruned. */
  forget(session: string): void;
}

/**
 * Creates the chunks of a database. `kept`: bytes of unpacked chunks that are held for the next row.
 * All rows of a stream are windows of one chunk, and what a conversation says again is in all of
 * its rows: without that it would be inflated once a row.
 */
export function createStoredChunks(database: Database, kept = usuallyKept): StoredChunks {
  const byId = database.prepare<[number], Buffer>("SELECT data FROM pieces WHERE id = ?").pluck();
  const byDigest = database
    .prepare<[string, Buffer], number>("SELECT id FROM pieces WHERE session = ? AND digest = ?")
    .pluck();
  const insert = database.prepare("INSERT INTO pieces VALUES (NULL, ?, ?, ?)");
  const remove = database.prepare("DELETE FROM pieces WHERE session = ?");

  const held = new Map<number, Buffer>();
  let heldBytes = 0;

  function chunk(id: number): Buffer {
    const known = held.get(id);
    if (known !== undefined) return known;
    const data = byId.get(id);
    if (data === undefined) throw new Error(`piece ${id} is missing in the record`);
    const bytes = unpackChunk(data);
    if (bytes.length <= kept) hold(id, bytes);
    return bytes;
  }

  /** The ones that came first go first: the chunks of sessions that are over. */
  function hold(id: number, bytes: Buffer): void {
    held.set(id, bytes);
    heldBytes += bytes.length;
    for (const oldest of held.keys()) {
      if (heldBytes <= kept) break;
      letGo(oldest);
    }
  }

  function letGo(id: number): void {
    heldBytes -= held.get(id)?.length ?? 0;
    held.delete(id);
  }

  return {
    expand(row) {
      if (row[0] === list) {
        const { number, bytes } = readerOf(row);
        const length = number();
        const parts: Buffer[] = [];
        let id = 0;
        if (length > longestRow) throw new Error(`a row of ${length} bytes in the record`);
        for (let size = 0; size < length; size += parts.at(-1)?.length ?? 0) {
          const part = number();
          if (part % 2 === 0) id += signed(part / 2);
          parts.push(part % 2 === 0 ? chunk(id) : bytes((part - 1) / 2));
        }
        return Buffer.concat(parts);
      }
      if (row[0] !== window) return row;
      const { number } = readerOf(row);
      const bytes = chunk(number());
      const from = number();
      return bytes.subarray(from, from + number());
    },
    find: (session, digest) => byDigest.get(session, digest),
    add(session, digest, packed) {
      const id = Number(insert.run(session, digest, packed).lastInsertRowid);
      // An id is given again after a session was pruned, or a transaction rolled back.
      letGo(id);
      return id;
    },
    forget: (session) => void remove.run(session),
  };
}

/** Was this row made smaller already? */
export function isExpandable(row: Buffer): boolean {
  return row[0] === list || row[0] === window;
}

/** A row that is these, joined: bytes of its own, and chunks by their ids. */
export function listRow(length: number, parts: readonly (Buffer | number)[]): Buffer {
  const chunks: Buffer[] = [Buffer.from([list, ...numberBytes(length)])];
  let before = 0;
  for (const part of parts) {
    if (typeof part === "number") {
      chunks.push(Buffer.from(numberBytes(unsigned(part - before) * 2)));
      before = part;
    } else chunks.push(Buffer.from(numberBytes(part.length * 2 + 1)), part);
  }
  return Buffer.concat(chunks);
}

/** A row that is a part of a chunk. */
export function windowRow(id: number, offset: number, length: number): Buffer {
  return Buffer.from([window, ...numberBytes(id), ...numberBytes(offset), ...numberBytes(length)]);
}

/** A chunk's bytes as they are stored: deflated (RFC 1951) where that is less. */
export function packChunk(bytes: Buffer): Buffer {
  const deflated = deflateRawSync(bytes);
  const smaller = deflated.length < bytes.length;
  return Buffer.concat([Buffer.from([smaller ? 1 : 0]), smaller ? deflated : bytes]);
}

function unpackChunk(data: Buffer): Buffer {
  if (data[0] !== 1) return data.subarray(1);
  return inflateRawSync(data.subarray(1), { maxOutputLength: longestRow });
}

/** Seven bits a byte, the lowest first; the high bit says that more comes. */
function numberBytes(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

function readerOf(row: Buffer) {
  let at = 1;
  return {
    number() {
      let value = 0;
      for (let scale = 1; ; scale *= 128) {
        const byte = row.readUInt8(at);
        at += 1;
        value += (byte & 127) * scale;
        if (byte < 128) return value;
      }
    },
    bytes(length: number) {
      at += length;
      return row.subarray(at - length, at);
    },
  };
}

const unsigned = (value: number) => (value < 0 ? -value * 2 - 1 : value * 2);
const signed = (value: number) => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);
