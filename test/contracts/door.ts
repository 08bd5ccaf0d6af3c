/**
 * What every door must do, run on each: doors differ in how a client comes in,
 * never in what the data path may rely on.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Client } from "../../src/daemon/doors/client.js";
import { Abandoned } from "../../src/daemon/model/refusal.js";

/** The other end of a client: the program that asks. */
export interface Asking {
  /** What the door made of it. */
  readonly client: Client;
  /** More of a body that was begun with `body: "open"`. */
  send(bytes: Buffer): void;
  /** Resolves with the head of the reply. */
  head(): Promise<{
    readonly status: number;
    readonly header: (name: string) => string | undefined;
  }>;
  /** Reads on: all of the reply's body, and whether it came to its end. */
  read(): Promise<{ readonly body: Buffer; readonly whole: boolean }>;
  leave(): void;
}

export interface DoorUnderTest {
  /** Sends a request to connection `openai`; resolves when the door has its client. */
  ask(request: {
    readonly method: string;
    readonly path: string;
    readonly query?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Buffer | "open";
  }): Promise<Asking>;
  close(): Promise<void>;
}

const get = { method: "GET", path: "/v1/models" };
const post = { method: "POST", path: "/v1/responses" };
const ok = { status: 200, headers: ["content-type", "text/plain"] };
const room = () => true;

/** Runs the suite: `open` opens a door whose clients have one seat each to claim. */
export function doorContract(name: string, open: () => Promise<DoorUnderTest>): void {
  describe(`${name} as a door`, () => {
    let door: DoorUnderTest;
    beforeEach(async () => {
      door = await open();
    });
    afterEach(() => door.close());

    const closed = (client: Client) => new Promise<void>((resolve) => client.onClose(resolve));

    test("names the method, the target and the headers", async () => {
      const { client } = await door.ask({ ...get, query: "limit=2", headers: { "x-one": "Two" } });
      client.admit();
      expect(client.head).toMatchObject({
        method: "GET",
        target: { connectionName: "openai", path: "/v1/models", query: "limit=2" },
      });
      const { headers } = client.head;
      expect(headers[headers.findIndex((text) => text.toLowerCase() === "x-one") + 1]).toBe("Two");
    });

    test("reads a body whole, counts what it holds, and reads none where there is none", async () => {
      const body = Buffer.alloc(300_000, "body ");
      const counted: number[] = [];
      const { client } = await door.ask({ ...post, body });
      const hold = (size: number) => counted.push(size) > 0;
      expect(body.equals(await client.readBody(1 << 20, hold))).toBe(true);
      expect(counted.at(-1)).toBe(body.length);
      const { client: other } = await door.ask(get);
      expect(await other.readBody(1 << 20, room)).toHaveLength(0);
    });

    test("refuses a body over the limit, and the client reads its answer all the same", async () => {
      const asking = await door.ask({ ...post, body: Buffer.alloc(200_000) });
      const { client } = asking;
      await expect(client.readBody(1_000, room)).rejects.toMatchObject({ code: "body_too_large" });
      client.sendHead({ ...ok, status: 413 });
      client.sendData(Buffer.from("too large"));
      client.end();
      expect((await asking.head()).status).toBe(413);
      expect((await asking.read()).body.toString()).toBe("too large");
    });

    test("refuses a body that has no room, and holds nothing of it from then on", async () => {
      const counted: number[] = [];
      const asking = await door.ask({ ...post, body: "open" });
      const reading = asking.client.readBody(1 << 20, (size) => {
        counted.push(size);
        return size <= 1_000;
      });
      asking.send(Buffer.alloc(2_000));
      await expect(reading).rejects.toMatchObject({ code: "bodies_too_large" });
      expect(counted.at(-1)).toBe(0);
    });

    test("tells of a client that leaves within its body", async () => {
      const asking = await door.ask({ ...post, body: "open" });
      const reading = asking.client.readBody(1 << 20, room);
      asking.send(Buffer.alloc(100));
      asking.leave();
      await expect(reading).rejects.toMatchObject({ code: "client_left" });
      await expect.poll(() => asking.client.signal.aborted).toBe(true);
    });

    test("carries head, data and end", async () => {
      const asking = await door.ask(get);
      const { client } = asking;
      expect(client.answered).toBe(false);
      client.sendHead({ ...ok, statusText: "OK", headers: [...ok.headers, "x-hoopx", "1"] });
      expect(client.answered).toBe(true);
      // The head alone reaches the client: a stream's first event may be long in coming.
      const head = await asking.head();
      expect([head.status, head.header("x-hoopx")]).toEqual([200, "1"]);
      for (const text of ["one ", "two ", "three"]) client.sendData(Buffer.from(text));
      client.end();
      const { body, whole } = await asking.read();
      expect([body.toString(), whole]).toEqual(["one two three", true]);
    });

    test("carries a reply of a length that is known, and one without a body", async () => {
      const asking = await door.ask(get);
      asking.client.sendHead({ status: 200, headers: ["content-length", "5"] });
      asking.client.sendData(Buffer.from("whole"));
      asking.client.end();
      expect(await asking.read()).toEqual({ body: Buffer.from("whole"), whole: true });
      const none = await door.ask(get);
      none.client.sendHead({ status: 204, headers: [] });
      none.client.end();
      expect((await none.head()).status).toBe(204);
      expect(await none.read()).toEqual({ body: Buffer.alloc(0), whole: true });
    });

    test("says when the client takes no more, and when it takes more", async () => {
      const asking = await door.ask(get);
      const { client } = asking;
      client.sendHead(ok);
      await asking.head();
      const piece = Buffer.alloc(1 << 20, "x");
      let sent = 0;
      let taken = true;
      while (taken) {
        taken = client.sendData(piece);
        sent += 1;
      }
      expect(client.stalledAt()).toBeTypeOf("number");
      const drained = new Promise<void>((resolve) => client.onDrain(resolve));
      const reading = asking.read();
      await drained;
      expect(client.stalledAt()).toBeUndefined();
      client.end();
      expect((await reading).body).toHaveLength(sent * piece.length);
    });

    test("a reply that fails breaks off behind what was sent", async () => {
      const asking = await door.ask(get);
      asking.client.sendHead(ok);
      asking.client.sendData(Buffer.from("half"));
      asking.client.fail();
      const { body, whole } = await asking.read();
      expect([body.toString(), whole]).toEqual(["half", false]);
    });

    test("a client that is dropped is gone", async () => {
      const asking = await door.ask(get);
      const gone = closed(asking.client);
      asking.client.sendHead(ok);
      asking.client.drop();
      await gone;
      expect(asking.client.answered).toBe(true);
      expect((await asking.read()).whole).toBe(false);
    });

    test("the signal tells of a client that leaves, not of one that has its reply", async () => {
      const leaving = await door.ask(get);
      const gone = closed(leaving.client);
      leaving.client.sendHead(ok);
      await leaving.head();
      leaving.leave();
      await gone;
      expect(leaving.client.signal.reason).toMatchObject({ code: "client_left" });

      const served = await door.ask(get);
      const over = closed(served.client);
      served.client.sendHead(ok);
      served.client.end();
      await served.read();
      await over;
      expect(served.client.signal.aborted).toBe(false);
    });

    test("the signal tells why the daemon stops it", async () => {
      const { client } = await door.ask(get);
      client.stop(new Abandoned("session_ended"));
      expect(client.signal.reason).toMatchObject({ code: "session_ended" });
    });

    test("a client that is kept waiting gets its reply whole", async () => {
      let asked = 0;
      const asking = await door.ask(get);
      const { client } = asking;
      const wanted = new Promise<void>((resolve) => {
        const done = client.waiting(2, () => {
          asked += 1;
          if (asked < 3) return true;
          done();
          resolve();
          return false;
        });
      });
      await wanted;
      client.sendHead(ok);
      client.sendData(Buffer.from("at last"));
      client.end();
      expect((await asking.head()).status).toBe(200);
      expect((await asking.read()).body.toString()).toBe("at last");
      expect(asked).toBe(3);
    });

    test("a connection counts as its owner's, and an owner has a share", async () => {
      const first = await door.ask(get);
      const second = await door.ask(get);
      expect(first.client.claim("one run")).toBe(true);
      expect(second.client.claim("one run")).toBe(false);
      expect(second.client.claim("another")).toBe(true);
    });
  });
}
