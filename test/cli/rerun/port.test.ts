import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { openPort } from "../../../src/cli/rerun/port.js";
import { rawExchange } from "../../support/data-path.js";

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

async function daemon(): Promise<number> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      response.writeHead(201, "Made", {
        "x-host": request.headers.host ?? "",
        "content-type": "text/plain",
      });
      response.end(`${request.method} ${request.url} ${Buffer.concat(chunks)}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(server);
  return (server.address() as AddressInfo).port;
}

async function opened(to: number): Promise<number> {
  const port = await openPort(0, to);
  open.push(port);
  return port.port;
}

test("requests go on to the daemon as they are, under its own name", async () => {
  const to = await daemon();
  const at = await opened(to);
  const answer = await fetch(`http://127.0.0.1:${at}/openai/v1/x?y=1`, {
    method: "POST",
    body: "hello",
  });
  expect([answer.status, answer.statusText, answer.headers.get("x-host")]).toEqual([
    201,
    "Made",
    `127.0.0.1:${to}`,
  ]);
  expect(await answer.text()).toBe("POST /openai/v1/x?y=1 hello");
});

test("a Host that is not this port's stays, for the daemon to refuse", async () => {
  const to = await daemon();
  const at = await opened(to);
  const answer = await rawExchange(
    at,
    "GET / HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n",
  );
  expect(answer).toContain("x-host: evil.example");
});

test("a port that is taken, and a daemon that is away", async () => {
  const taken = await daemon();
  await expect(openPort(taken, 1)).rejects.toMatchObject({ code: "port_unavailable" });
  const at = await opened(1);
  await expect(fetch(`http://127.0.0.1:${at}/`)).rejects.toThrow();
});
