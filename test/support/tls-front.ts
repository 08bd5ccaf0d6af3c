/** A TLS server on loopback that hands what it decrypts to a plain port, with a certificate made for it. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import { createServer } from "node:tls";

export interface TlsFront {
  readonly port: number;
  /** The file of the certificate to trust (`NODE_EXTRA_CA_CERTS`). */
  readonly certificate: string;
  close(): void;
}

/** Starts the server for `name`; the certificate is written below `folder`. */
export async function startTlsFront(
  name: string,
  plainPort: number,
  folder: string,
): Promise<TlsFront> {
  const [key, certificate] = [join(folder, "front.key"), join(folder, "front.pem")];
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-days", "2", "-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`],
      ...["-keyout", key, "-out", certificate],
    ],
    { stdio: "ignore" },
  );
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) });
  server.on("secureConnection", (socket) => joinSockets(socket, connect(plainPort, "127.0.0.1")));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { port, certificate, close: () => server.close() };
}

/** Carries bytes both ways until one side ends. */
export function joinSockets(one: Socket, other: Socket): void {
  one.on("error", () => other.destroy()).pipe(other);
  other.on("error", () => one.destroy()).pipe(one);
}
