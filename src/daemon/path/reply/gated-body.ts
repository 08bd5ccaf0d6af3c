/**
 * Gated body: a reply that comes whole, read and ruled on before its head is
 * sent, so that a denied call is answered as any refused request is. While a
 * person is waited for, interim responses keep the client (RFC 9110 15.2).
 */
import { Refusal, refusalCodeOf } from "../../model/refusal.js";
import type { PolicyHolder } from "../../policy/policy.js";
import type { UsageMeter } from "../../providers/provider.js";
import type { Desk } from "../../reviews/desk.js";
import type { Ledger, Masked } from "../exchange.js";
import type { BothForms, BothFormsReader } from "./both-forms.js";
import { createCallRuling } from "./call-ruling.js";
import { createHeldReply } from "./held-reply.js";

export interface GatedBodyOptions {
  readonly exchange: Masked;
  readonly reader: BothFormsReader;
  /** Counts the reply, also where nothing of it is delivered. */
  readonly meter: UsageMeter;
  /** All of the reply is here. */
  readonly arrived: () => void;
  readonly desk: Desk;
  readonly policies: Pick<PolicyHolder, "latest">;
  readonly now: () => Date;
  readonly ledger: Ledger;
  /** Milliseconds between two interim responses. */
  readonly processingMs: number;
  readonly patienceMs: number;
}

export interface GatedBody {
  readonly recorded: Buffer;
  /** What the agent gets. */
  readonly delivered: Buffer;
  /** It is not as it came. */
  readonly changed: boolean;
}

/** Resolves with what may be delivered; rejects with why nothing may. */
export async function gatedBody(options: GatedBodyOptions): Promise<GatedBody> {
  const { exchange } = options;
  const { client, signal } = exchange;
  const pieces = await read(options);
  const abort = new AbortController();
  let waiting = 0;
  const stopInterims = client.waiting(options.processingMs, () => waiting > 0);
  try {
    return await new Promise((resolve, reject) => {
      const recorded: Buffer[] = [];
      const delivered: Buffer[] = [];
      const held = createHeldReply({
        rule: createCallRuling({
          ...options,
          signal: AbortSignal.any([signal, abort.signal]),
          waiting(change) {
            waiting += change;
          },
        }),
        deliver(bytes, other = bytes) {
          recorded.push(bytes);
          delivered.push(other);
        },
        finish: (changed) =>
          resolve({
            recorded: Buffer.concat(recorded),
            delivered: Buffer.concat(delivered),
            changed,
          }),
        stop: reject,
        held() {},
        inOrder: true,
      });
      held.take(pieces);
      held.end();
    });
  } finally {
    stopInterims();
    abort.abort(new Error("the reply is ruled on"));
  }
}

/** The reply's pieces, once all of it is here. */
function read({
  exchange,
  reader,
  meter,
  arrived,
}: GatedBodyOptions): Promise<readonly BothForms[]> {
  const { signal, flow } = exchange;
  return new Promise((resolve, reject) => {
    const leave = () => {
      flow.cancel(signal.reason);
      reject(signal.reason);
    };
    const done = (settle: () => void) => {
      signal.removeEventListener("abort", leave);
      try {
        settle();
      } catch (error) {
        flow.cancel(error as Error);
        reject(refusalOf(error));
      }
    };
    signal.addEventListener("abort", leave);
    if (signal.aborted) leave();
    flow.start({
      data(recorded, delivered) {
        try {
          meter.push(recorded);
          reader.push(recorded, delivered);
        } catch (error) {
          flow.cancel(error as Error);
          done(() => reject(refusalOf(error)));
        }
      },
      end() {
        arrived();
        done(() => resolve(reader.end()));
      },
      fail: (error) =>
        done(() => {
          if (error instanceof Refusal) throw error;
          // The model has worked and is paid: an SDK that tries again would pay for it twice.
          const why = "the upstream broke off its reply before its tool calls could be read";
          reject(new Refusal("reply_unreadable", why, { cause: error }));
        }),
    });
  });
}

function refusalOf(error: unknown): unknown {
  const code = error instanceof Refusal ? undefined : refusalCodeOf(error);
  if (code === undefined) return error;
  return new Refusal(code, (error as Error).message, { cause: error });
}
