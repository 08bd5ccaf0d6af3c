/** Bench: `npm run bench` compares the daemon with other proxies (run.js); `npm run bench -- policy` is about bodies and prompts (policy.js). */
if (process.argv[2] === "policy") {
  process.argv.splice(2, 1);
  await import("./policy.js");
} else {
  await import("./run.js");
}
