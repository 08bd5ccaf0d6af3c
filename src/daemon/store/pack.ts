/**
 * Pack: frames as the bytes of one row. Rows are what a transaction pays for,
 * so the frames of one exchange that are written together share one. A frame
 * larger than a row may be goes over several, so that the memory it needs on
 * its way to the disk is that of one row.
 *
 * Each frame: kind (1 byte, its high bit set where the frame goes on in the
 * next row), microseconds (6), length (4), data; numbers little-endian.
 */
import type { Frame, FrameKind } from "../model/transcript.js";

/** A kind's place is what the record holds: new ones come last. */
const kinds: readonly FrameKind[] = [
  "request-head",
  "request-body",
  "reply-head",
  "reply-body",
  "tool-call",
];
const goesOn = 0x80;
const headBytes = 11;

/** What a row holds at most, apart from the frames' heads. */
const rowBytes = 1024 * 1024;

/** Bytes the frames take when packed. */
export function packedBytes(frames: readonly Frame[]): number {
  let bytes = 0;
  for (const frame of frames) bytes += headBytes + frame.data.length;
  return bytes;
}

/** Gives room for a row of so many bytes. */
export type RowRoom = (bytes: number) => Buffer;

const newRoom: RowRoom = (bytes) => Buffer.allocUnsafe(bytes);

/**
 * Creates room that each row is written to in turn: memory that was used before is far cheaper
 * than new memory. A row in it has to be stored before the next one is packed.
 */
export function createRowRoom(): RowRoom {
  let room: Buffer = Buffer.alloc(0);
  return (bytes) => {
    if (bytes > room.length) room = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * room.length));
    return room.subarray(0, bytes);
  };
}

/** All frames in one row; null where there are none, or too much for one. */
export function packRow(frames: readonly Frame[], room = newRoom): Buffer | null {
  const bytes = packedBytes(frames);
  if (bytes === 0 || bytes > rowBytes) return null;
  const row = room(bytes);
  let offset = 0;
  for (const frame of frames) offset = put(row, offset, frame, frame.data, 0);
  return row;
}

/** The frames in as many rows as they need, one at a time. */
export function* packRows(frames: readonly Frame[], room = newRoom): Generator<Buffer> {
  const row = packRow(frames, room);
  if (row !== null) {
    yield row;
    return;
  }
  for (const frame of frames) {
    let from = 0;
    do {
      const data = frame.data.subarray(from, from + rowBytes);
      from += rowBytes;
      const piece = room(headBytes + data.length);
      put(piece, 0, frame, data, from < frame.data.length ? goesOn : 0);
      yield piece;
    } while (from < frame.data.length);
  }
}

function put(row: Buffer, offset: number, frame: Frame, data: Uint8Array, flag: number): number {
  row[offset] = kinds.indexOf(frame.kind) | flag;
  row.writeUIntLE(frame.at, offset + 1, 6);
  row.writeUInt32LE(data.length, offset + 7);
  row.set(data, offset + headBytes);
  return offset + headBytes + data.length;
}

/** The frames of rows, in order. */
export function unpackRows(rows: Iterable<Buffer>): Frame[] {
  const frames: Frame[] = [];
  let begun: Buffer[] = [];
  for (const row of rows) {
    for (let offset = 0; offset < row.length; ) {
      const first = row.readUInt8(offset);
      const at = row.readUIntLE(offset + 1, 6);
      const from = offset + headBytes;
      offset = from + row.readUInt32LE(offset + 7);
      const data = row.subarray(from, offset);
      if ((first & goesOn) !== 0) {
        begun.push(data);
        continue;
      }
      const kind = kinds[first];
      if (kind === undefined) throw new Error(`frame of unknown kind ${first} in the record`);
      frames.push({ kind, at, data: begun.length === 0 ? data : Buffer.concat([...begun, data]) });
      begun = [];
    }
  }
  return frames;
}

/** A packed row in its parts: heads of frames and their data, in turn; joined they are the row. */
export function* partsOfRow(row: Buffer): Generator<Buffer> {
  for (let offset = 0; offset < row.length; ) {
    const from = offset + headBytes;
    yield row.subarray(offset, from);
    offset = from + row.readUInt32LE(from - 4);
    yield row.subarray(from, offset);
  }
}
