/**
 * Webhook: tells an address of each review, so that a chat can show it. What
 * goes out is signed (HMAC-SHA256 over time and body, so that it can neither
 * be forged nor played again later), tried again for a while, and never holds
 * anybody up: a webhook that is away costs a warning, not a review.
 */
import { createHmac, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Secret } from "../model/secret.js";

export interface WebhookOptions {
  readonly url: string;
  /** Read for each delivery, so that a new one counts at once. */
  readonly secret: () => Promise<Secret>;
  readonly post: (
    url: string,
    init: {
      readonly method: "POST";
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly signal: AbortSignal;
    },
  ) => Promise<{ readonly status: number }>;
  readonly now: () => Date;
  /** Milliseconds before each further try. */
  readonly waits: readonly number[];
  readonly warn: (message: string, detail: object) => void;
  /** The daemon stops. */
  readonly over: AbortSignal;
}

/** Deliveries under way at once; what comes beyond is said and left out. */
const most = 256;

/** `t=SECONDS,v1=HEX`: HMAC-SHA256 over `SECONDS.BODY`. */
function signatureOf(secret: Secret, seconds: number, body: string): string {
  const hmac = createHmac("sha256", secret.reveal()).update(`${seconds}.${body}`).digest("hex");
  return `t=${seconds},v1=${hmac}`;
}

/** Creates what sends an event; it never fails and is not waited for. */
export function createWebhook(options: WebhookOptions): (type: string, event: object) => void {
  const { url, post, now, waits, warn, over } = options;
  const host = URL.canParse(url) ? new URL(url).host : "the webhook";
  let underWay = 0;

  /** Undefined: delivered. */
  async function attempt(type: string, id: string, body: string): Promise<string | undefined> {
    try {
      const seconds = Math.floor(now().getTime() / 1000);
      const { status } = await post(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "user-agent": "hoopx",
          "x-hoopx-event": type,
          "x-hoopx-delivery": id,
          "x-hoopx-signature": signatureOf(await options.secret(), seconds, body),
        },
        body,
        signal: over,
      });
      return status >= 200 && status < 300 ? undefined : `it answered ${status}`;
    } catch (error) {
      return error instanceof Error ? error.message : "it cannot be reached";
    }
  }

  async function deliver(type: string, body: string): Promise<void> {
    const id = randomUUID();
    let why = await attempt(type, id, body);
    for (const wait of waits) {
      if (why === undefined) return;
      await delay(wait, undefined, { signal: over, ref: false });
      why = await attempt(type, id, body);
    }
    if (why !== undefined) warn("a webhook was not told of a review", { host, type, why });
  }

  return (type, event) => {
    if (underWay >= most) {
      warn("a webhook was not told of a review", { host, type, why: "too many wait already" });
      return;
    }
    underWay += 1;
    deliver(type, JSON.stringify(event))
      // The daemon stops: the review is in the record, and its end will be told.
      .catch(() => undefined)
      .finally(() => {
        underWay -= 1;
      });
  };
}
