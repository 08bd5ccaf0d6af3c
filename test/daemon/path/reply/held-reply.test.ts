/** The bounds of what is held for rules on tool calls: bytes, and calls. */
import { expect, test } from "vitest";
import type { BothForms } from "../../../../src/daemon/path/reply/both-forms.js";
import { createHeldReply } from "../../../../src/daemon/path/reply/held-reply.js";
import type { WholeCall } from "../../../../src/daemon/providers/tool-call-reader.js";

const mebibyte = Buffer.alloc(1 << 20);

/** A held reply whose calls all wait for their ruling. */
function heldReply() {
  const asked: string[] = [];
  const delivered: Buffer[] = [];
  const errors: Error[] = [];
  const held = createHeldReply({
    rule: (call) => {
      asked.push(call.arguments);
      return new Promise(() => {});
    },
    deliver: (recorded) => void delivered.push(recorded),
    finish: () => {},
    stop: (error) => void errors.push(error),
    held: () => {},
    inOrder: false,
  });
  return { held, asked, delivered, errors };
}

function pieceOf(bytes: Buffer, key: string, whole: readonly WholeCall[] = []): BothForms {
  const more = { calls: [key], whole, last: false, place: null, without: () => undefined };
  const piece = { bytes, ...more };
  return { delivered: piece, recorded: piece };
}

const wholeOf = (at: number): WholeCall => ({
  key: `call ${at}`,
  id: `call_${at}`,
  call: { kind: "function", name: "shell", arguments: String(at) } as WholeCall["call"],
});

test("32 MB wait for a call, and not a byte more: nothing held leaves then", () => {
  const { held, errors, delivered } = heldReply();
  for (let at = 0; at < 32; at += 1) held.take([pieceOf(mebibyte, "call 1")]);
  expect(errors).toEqual([]);
  held.take([pieceOf(Buffer.alloc(1), "call 1")]);
  expect(errors).toMatchObject([{ code: "reply_unreadable", message: /over 33554432 bytes/ }]);
  held.take([pieceOf(mebibyte, "call 1")]);
  held.end();
  expect(errors).toHaveLength(1);
  expect(delivered).toEqual([]);
});

test("both forms count where the record keeps another one", () => {
  const { held, errors } = heldReply();
  const twofold = () => {
    const { delivered } = pieceOf(mebibyte, "call 1");
    return { delivered, recorded: { ...delivered } };
  };
  for (let at = 0; at < 16; at += 1) held.take([twofold()]);
  expect(errors).toEqual([]);
  held.take([twofold()]);
  expect(errors).toMatchObject([{ code: "reply_unreadable" }]);
});

test("256 calls are asked about, and the next one ends the reply", () => {
  const { held, asked, errors } = heldReply();
  const bytes = Buffer.from("{}");
  for (let at = 0; at < 256; at += 1) held.take([pieceOf(bytes, `call ${at}`, [wholeOf(at)])]);
  // One that the reply says again is no further call.
  held.take([pieceOf(bytes, "call 0", [wholeOf(0)])]);
  expect(errors).toEqual([]);
  held.take([pieceOf(bytes, "call 256", [wholeOf(256)])]);
  expect(errors).toMatchObject([{ code: "reply_unreadable", message: /more than 256 tool calls/ }]);
  expect(asked).toHaveLength(256);
});
