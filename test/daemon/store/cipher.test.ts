import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { applyKey, CipherKeyWrong, isPlainFile } from "../../../src/daemon/store/cipher.js";
import { verifyFile } from "../../../src/daemon/store/record-log.js";
import { openSqlite } from "../../../src/daemon/store/sqlite.js";
import { openStore } from "../../../src/daemon/store/sqlite-store.js";
import { append, close, endingOf, frameOf, openingOf } from "../../contracts/records.js";
import { built } from "./built.js";
import { canEncrypt } from "./can-encrypt.js";
import { temporaryFolder } from "./temporary-folder.js";

const warn = (message: string, detail?: unknown) => {
  throw new Error(`unexpected warning: ${message} ${String(detail)}`);
};
const key = Buffer.alloc(32, 7);
const words = "words that nobody may find in the file";

test.skipIf(!canEncrypt())(
  "nothing of it is in the file or its log, checkpoints included",
  async () => {
    const folder = temporaryFolder();
    const file = join(folder, "hoopx.db");
    const checkpointer = new URL(
      `file://${await built("src/daemon/store/checkpointer.ts", folder)}`,
    );
    const store = await openStore({ file, checkpointer, warn, key });
    const exchange = BigInt(Date.now()) << 22n;
    await store.transcripts.open(openingOf(exchange));
    for (let count = 0; count < 40; count += 1) {
      await append(store, exchange, frameOf("reply-body", count, words.repeat(10_000)));
    }
    await close(store, exchange, endingOf());
    const files = () => [file, `${file}-wal`].map((name) => readFileSync(name).includes(words));
    expect(files()).toEqual([false, false]);
    expect((await store.record.verify()).problems).toEqual([]);
    await store.close();
    expect(isPlainFile(file)).toBe(false);
    expect(readFileSync(file).includes(words)).toBe(false);

    const other = openSqlite(file);
    expect(() => applyKey(other, Buffer.alloc(32, 8))).toThrow(CipherKeyWrong);
    other.close();
    // Neither put aside nor begun anew: it may be another key's.
    await expect(openStore({ file, warn, key: Buffer.alloc(32, 8) })).rejects.toThrow(/another/);
  },
);

test.skipIf(!canEncrypt())(
  "a copy is held to its chain: an edit is named, one bit too",
  async () => {
    const file = join(temporaryFolder(), "hoopx.db");
    const store = await openStore({ file, warn, key });
    const exchange = BigInt(Date.now()) << 22n;
    await store.transcripts.open(openingOf(exchange));
    for (let count = 0; count < 9; count += 1) {
      await append(store, exchange, frameOf("reply-body", count, words.repeat(1_000)));
    }
    await close(store, exchange, endingOf());
    await store.close();
    expect((await verifyFile(file, {}, key)).problems).toEqual([]);
    await expect(verifyFile(file, {}, Buffer.alloc(32, 8))).rejects.toThrow(CipherKeyWrong);
    await expect(verifyFile(file, {})).rejects.toThrow(/not a database/);

    const flipped = readFileSync(file);
    const middle = flipped.length - 8_192 * 4;
    flipped.writeUInt8(flipped.readUInt8(middle) ^ 1, middle);
    writeFileSync(`${file}.flipped`, flipped);
    const { problems } = await verifyFile(`${file}.flipped`, {}, key);
    expect(problems.map(({ message }) => message).join()).toMatch(/^the file itself is damaged/);

    const editor = openSqlite(file);
    applyKey(editor, key);
    editor.exec("UPDATE exchanges SET model = 'other'");
    editor.close();
    const edited = await verifyFile(file, {}, key);
    expect(edited.problems.map(({ kind, id }) => `${kind} ${id}`)).toEqual([`edited ${exchange}`]);
  },
);

test.skipIf(!canEncrypt())("a plain record is encrypted in place, and plain again", async () => {
  const file = join(temporaryFolder(), "hoopx.db");
  const exchange = BigInt(Date.now()) << 22n;
  const first = await openStore({ file, warn });
  await first.transcripts.open(openingOf(exchange));
  await append(first, exchange, frameOf("reply-body", 1, words));
  await close(first, exchange, endingOf());
  await first.close();
  expect(readFileSync(file).includes(words)).toBe(true);
  cpSync(file, `${file}.before`);

  const second = await openStore({ file, warn, key });
  await second.close();
  expect(readFileSync(file).includes(words)).toBe(false);
  const third = await openStore({ file, warn, key, decrypt: true });
  expect((await third.record.verify()).problems).toEqual([]);
  await third.close();
  expect(readFileSync(file).includes(words)).toBe(true);
});
