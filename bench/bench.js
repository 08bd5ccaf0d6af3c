/**
 * Bench: `npm run bench` compares the daemon with other proxies (run.js); `npm run bench -- policy` is about bodies and
 * prompts (policy.js), `npm run bench -- transfers` about large uploads and downloads (transfers.js), `npm run bench -- conversations` about
 * turns that bring the whole conversation along (conversations.js).
 */
const [, , part] = process.argv;
if (["policy", "transfers", "conversations"].includes(part)) {
  process.argv.splice(2, 1);
  await import(`./${part}.js`);
} else {
  await import("./run.js");
}
