/**
 * One daemon per home: the lock decides. A start that finds it taken leaves
 * the field to a daemon that answers; one that is still starting, or already
 * on its way out, is waited for, so that whoever started this one never ends
 * up with none.
 */
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Home } from "../contract/home.js";
import { type ExclusiveLock, takeExclusiveLock } from "./store/exclusive-lock.js";

const patience = 8_000;
const step = 25;

/** The lock, held for life; undefined where another daemon answers. Rejects where one neither answers nor ends. */
export async function becomeTheDaemon(home: Home): Promise<ExclusiveLock | undefined> {
  const file = join(home.run, "hoopxd.lock");
  for (let waited = 0; waited <= patience; waited += step) {
    const lock = takeExclusiveLock(file);
    if (lock !== undefined) return lock;
    if (await answers(home.socket)) return undefined;
    await delay(step);
  }
  throw new Error(`another process holds ${file} and does not answer on ${home.socket}`);
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once("connect", () => {
      connection.destroy();
      resolve(true);
    });
    connection.once("error", () => resolve(false));
  });
}
