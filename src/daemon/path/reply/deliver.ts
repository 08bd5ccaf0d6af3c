/**
 * Deliver: the recorded reply goes to the client as fast as the client takes
 * it. A reply that stops short closes the socket, since its status is long
 * sent, once what came of it has left: an SDK that gets no byte sends its
 * request again, and the model is paid again. A client that leaves ends the
 * upstream call at once.
 */
import type { Recorded } from "../exchange.js";

/** Delivers; resolves when the client is gone, rejects where no head was sent. */
export function deliver({ id, reply: flow, client, signal }: Recorded): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      flow.cancel(signal.reason);
      client.drop();
    };
    let full = false;
    const resume = () => {
      full = false;
      flow.resume();
    };
    client.onClose(() => {
      signal.removeEventListener("abort", leave);
      resolve();
    });
    signal.addEventListener("abort", leave);
    if (signal.aborted) {
      leave();
      return;
    }
    flow.start({
      head: (head) =>
        client.sendHead({ ...head, headers: [...head.headers, "x-hoopx-exchange-id", id] }),
      data(chunk) {
        if (client.sendData(chunk) || full) return;
        full = true;
        flow.pause();
        client.onDrain(resume);
      },
      end: () => client.end(),
      fail(error) {
        if (client.answered) client.fail();
        else reject(error);
      },
    });
  });
}
