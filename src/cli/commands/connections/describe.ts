/**
 * Describe: a connection's parts in words, the same in list, show and add.
 */
import type { ConnectionView } from "../../../contract/views.js";

/** Where the key is, for people; what is had instead, where there is none. */
export function keyPlace({ credential }: ConnectionView): string {
  if (credential.secretStore === null) return `no key: ${credential.kind}`;
  const what = credential.kind === "static-key" ? "key" : `${credential.kind}, its client secret`;
  const place = credential.secretStore === "keychain" ? "the OS keychain" : "the sealed file";
  return `${what} in ${place}`;
}

/** `, in the OS keychain`; nothing for kinds that keep no secret. */
export function keyIn({ credential }: ConnectionView): string {
  if (credential.secretStore === null) return "";
  return credential.secretStore === "keychain" ? ", in the OS keychain" : ", in the sealed file";
}

/** `serviceAccountId` in words: `service account id`. */
export function wordsOf(setting: string): string {
  return setting.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** `serviceAccountId` as its option has it: `--service-account-id`. */
export function flagOf(setting: string): string {
  return `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
