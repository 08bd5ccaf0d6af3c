/** A machine that reaches the provider only through a proxy (`HTTPS_PROXY`). */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createHome } from "../support/home.js";
import { startModelApi } from "../support/model-api.js";
import { joinSockets, startTlsFront } from "../support/tls-front.js";

const key = "sk-proxied-0123456789abcdef";
const host = "api.provider.test";

const folder = mkdtempSync(join(tmpdir(), "hoopx-proxy-"));
const api = await startModelApi({ key });
const front = await startTlsFront(host, Number(new URL(api.baseUrl).port), folder);
const asked: string[] = [];
const proxy = createServer((_request, response) => response.writeHead(405).end());
proxy.on("connect", (request, socket: Socket) => {
  asked.push(`${request.url} ${request.headers["proxy-authorization"]}`);
  socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
  joinSockets(socket, connect(front.port, "127.0.0.1"));
});
proxy.listen(0, "127.0.0.1");
await once(proxy, "listening");
const { port } = proxy.address() as AddressInfo;

const home = createHome({
  HTTPS_PROXY: `http://user:p%40ss@127.0.0.1:${port}`,
  NODE_EXTRA_CA_CERTS: front.certificate,
});
afterAll(async () => {
  await home.dispose();
  front.close();
  proxy.close();
  proxy.closeAllConnections();
  await api.close();
  rmSync(folder, { recursive: true });
});

test("requests reach the provider through the proxy, in TLS of their own", async () => {
  await home.connect(`https://${host}/v1`, key);
  const script = `
    const reply = await fetch(process.env.OPENAI_BASE_URL + "/models", {
      headers: { authorization: "Bearer " + process.env.OPENAI_API_KEY },
    });
    console.log(reply.status);`;
  const { stdout, stderr } = await home.hoopx([
    ...["run", "--", process.execPath, "--input-type=module", "-e", script],
  ]);
  expect(stdout, stderr).toBe("200\n");
  expect(asked).toEqual([`${host}:443 Basic ${Buffer.from("user:p@ss").toString("base64")}`]);
  expect(api.calls.at(-1)?.header("authorization")).toBe(`Bearer ${key}`);
  expect((await home.hoopx(["daemon", "logs"])).stdout).not.toContain("p%40ss");
});
