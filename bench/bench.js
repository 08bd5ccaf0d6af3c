/**
 * Bench: `npm run bench` compares the daemon with other proxies (run.js); `npm run bench -- policy` is about bodies and
 * prompts (policy.js), `npm run bench -- transfers` about large uploads and downloads (transfers.js).
 */
const [, , part] = process.argv;
if (part === "policy" || part === "transfers") {
  process.argv.splice(2, 1);
  await import(`./${part}.js`);
} else {
  await import("./run.js");
}
