/**
 * Return page: where the browser comes back to after a login (RFC 8252, 7.3):
 * a random port on loopback, one path, for as long as the login lasts. What is
 * not the awaited return gets a 404 and changes nothing, so that no web page
 * can end a login by asking this port.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReturnPage {
  readonly redirectUri: string;
  /** Resolves with the first address for which `accepts` is true; the browser waits until told. */
  arrival(accepts: (url: URL) => boolean, signal: AbortSignal): Promise<Arrival>;
  close(): void;
}

interface Arrival {
  readonly url: URL;
  /** Shows the person how it ended. */
  answer(ok: boolean, message: string): void;
}

interface Waiting {
  readonly accepts: (url: URL) => boolean;
  readonly arrived: (arrival: Arrival) => void;
}

const path = "/callback";

/** Opens the page; resolves when it listens. */
export async function openReturnPage(): Promise<ReturnPage> {
  let waiting: Waiting | undefined;
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 10_000 });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;

  server.on("request", (request, response) => {
    const target = `http://${host}${request.url ?? ""}`;
    const url = URL.canParse(target) ? new URL(target) : undefined;
    const awaited =
      request.method === "GET" &&
      request.headers.host === host &&
      url?.host === host &&
      url.pathname === path &&
      waiting?.accepts(url) === true;
    if (!awaited || url === undefined) {
      show(response, 404, "Nothing here", "No login of hoopx waits for this.");
      return;
    }
    const { arrived } = waiting as Waiting;
    // Once: a reload must not send the code again.
    waiting = undefined;
    arrived({
      url,
      answer(ok, message) {
        show(response, ok ? 200 : 400, ok ? "Done" : "Not logged in", message);
      },
    });
  });

  return {
    redirectUri: `http://${host}${path}`,

    arrival: (accepts, signal) =>
      new Promise((resolve, reject) => {
        const onAbort = () => {
          waiting = undefined;
          reject(signal.reason);
        };
        if (signal.aborted) return onAbort();
        signal.addEventListener("abort", onAbort, { once: true });
        waiting = {
          accepts,
          arrived(arrival) {
            signal.removeEventListener("abort", onAbort);
            resolve(arrival);
          },
        };
      }),

    close() {
      server.close();
      // The last answer may still be on its way.
      setTimeout(() => server.closeAllConnections(), 1_000).unref();
    },
  };
}

function show(response: ServerResponse, status: number, title: string, message: string): void {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy":
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    connection: "close",
  });
  response.end(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>hoopx: ${escaped(title)}</title>
<meta name="viewport" content="width=device-width">
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:20vh auto;padding:0 1rem;color-scheme:light dark}</style>
</head><body><h1>${escaped(title)}</h1><p>${escaped(message)}</p></body></html>
`);
}

/** The provider's words are in it. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
