/**
 * Digest: SHA-256 of a body, in steps where it is large: 64 MB at once would
 * hold up others for as long as it takes.
 */
import { createHash } from "node:crypto";

const stride = 1 << 22;

/** SHA-256 of the pieces joined, hex. */
export async function sha256Of(pieces: Iterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  let rested = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += stride) {
      const part = piece.subarray(at, at + stride);
      hash.update(part);
      rested += part.length;
      if (rested < stride) continue;
      rested = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return hash.digest("hex");
}
