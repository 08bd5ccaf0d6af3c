/**
 * Peer pid: which process is at the other end of a unix socket. Node does not
 * say; the kernel does (SO_PEERCRED, unix(7)), asked through koffi of the
 * handle's descriptor. Loaded with the first question, so that a daemon which
 * is never asked carries none of it.
 */
import type { Socket } from "node:net";

/**
 * Process that connected, and its user; number 0 where it is in a pid namespace
 * that this process cannot see, undefined where the connection is over.
 */
export type PeerPid = (socket: Socket) => PeerCredential | undefined;

export interface PeerCredential {
  readonly pid: number;
  readonly uid: number;
}

const solSocket = 1;
/** Its number is the architecture's own; PowerPC has another than all others that Node runs on. */
const soPeerCred = process.arch === "ppc64" ? 21 : 17;
/** struct ucred: pid, uid, gid. */
const credWords = 3;

/** Loads what can ask; throws where this system has none. */
export async function loadPeerPid(): Promise<PeerPid> {
  if (process.platform !== "linux") {
    throw new Error(`${process.platform} does not tell which process asks`);
  }
  const { default: koffi } = await import("koffi");
  // The symbols that Node itself is linked with: the same C library, whichever it is.
  const getsockopt = koffi.load(null).func("int getsockopt(int, int, int, void *, void *)");
  return (socket) => {
    const descriptor = descriptorOf(socket);
    if (descriptor === undefined) return undefined;
    const credential = new Int32Array(credWords);
    const length = new Uint32Array([credential.byteLength]);
    const result = getsockopt(descriptor, solSocket, soPeerCred, credential, length) as number;
    const [pid = 0, uid = 0] = credential;
    return result === 0 ? { pid, uid } : undefined;
  };
}

function descriptorOf(socket: Socket): number | undefined {
  const { _handle: handle } = socket as Socket & { readonly _handle?: { readonly fd?: number } };
  return handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : undefined;
}
