/**
 * Describe: a connection's parts in words, the same in list, show and add.
 */
import type { ConnectionView } from "../../../contract/views.js";

/** Where the key is, for people. */
export function keyPlace({ credential }: ConnectionView): string {
  return credential.secretStore === "keychain" ? "in the OS keychain" : "in the sealed file";
}
