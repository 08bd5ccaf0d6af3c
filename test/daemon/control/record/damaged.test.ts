/** One exchange whose record is damaged does not take the rest of its session with it. */
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ConversationView } from "../../../../src/contract/views.js";
import { createEventHub } from "../../../../src/daemon/control/event-hub.js";
import { createMeasures } from "../../../../src/daemon/control/record/measures.js";
import { createRecordHandlers } from "../../../../src/daemon/control/record/record-handlers.js";
import { exchangeIdOf } from "../../../../src/daemon/model/exchange.js";
import { turnsAddedSince } from "../../../../src/daemon/providers/conversation.js";
import { providerNamed } from "../../../../src/daemon/providers/providers.js";
import { openSqlite } from "../../../../src/daemon/store/sqlite.js";
import { openStore } from "../../../../src/daemon/store/sqlite-store.js";
import { close, endingOf, frameOf, openingOf, sessionOf } from "../../../contracts/records.js";
import { temporaryFolder } from "../../store/temporary-folder.js";

const key = BigInt(Date.now()) << 22n;
const damages = {
  "a frame of an unknown kind":
    "UPDATE exchanges SET frames = CAST(x'1f' || substr(frames, 2) AS BLOB)",
  "a row that was cut": "UPDATE exchanges SET frames = substr(frames, 1, 9)",
  "a piece that is missing": "UPDATE exchanges SET frames = x'7f8810028080'",
};

test.each(Object.entries(damages))(
  "%s: the others are listed and shown, it is named",
  async (_, sql) => {
    const file = join(temporaryFolder(), "hoopx.db");
    const said: string[] = [];
    const first = await openStore({ file, warn: (message) => said.push(message) });
    const session = sessionOf();
    await first.sessions.add(session);
    for (const seq of [1, 2, 3]) {
      const own = key + BigInt(seq);
      const frames = [frameOf("request-head", 1, "POST"), frameOf("request-body", 1, "{}")];
      await first.transcripts.open(openingOf(own, { sessionId: session.id, seq, frames }));
      await close(first, own, endingOf());
    }
    await first.close();
    const database = openSqlite(file);
    database.exec(`${sql} WHERE key = ${key + 2n}`);
    database.close();

    const store = await openStore({ file, warn: (message) => said.push(message) });
    const now = () => new Date();
    const handlers = createRecordHandlers({
      ...{ store, providerNamed, turnsAddedSince, now },
      events: createEventHub(now),
      reviews: { views: async () => [] },
      measures: createMeasures({ store, costOf: () => null }),
    });
    const call = {
      params: { id: session.id },
      query: new URLSearchParams(),
      signal: new AbortController().signal,
    } as unknown as Parameters<typeof handlers.exchangesList>[0];
    const listed = await handlers.exchangesList(call);
    expect(listed).toHaveLength(3);
    const shown: ConversationView[] = [];
    const stream = await handlers.conversation(call as never);
    await stream(async (line) => void shown.push(line), call.signal);
    expect(shown.map(({ exchange }) => exchange.seq)).toEqual([1, 2, 3]);
    expect(JSON.stringify(shown[1]?.reply)).toContain("its record is damaged");
    expect(JSON.stringify([shown[0]?.reply, shown[2]?.reply])).not.toContain("damaged");
    await expect(store.exchanges.frames(key + 2n)).rejects.toThrow(/is damaged/);
    expect(exchangeIdOf(key + 2n)).toBe(shown[1]?.exchange.id);
    await store.close();
  },
);
