/**
 * Short key: characters that a key needs for the daemon to hide it in replies.
 * `test/contract/short-key.test.ts` holds it to what the daemon does.
 */
export const shortestKey = 12;
