/**
 * Transfers: how long a large upload (a picture in a request, a file in a form)
 * and a large download (a file) take through the daemon, against the same transfer direct
 * to the upstream. Each pair is measured in turns, and the least of a few
 * rounds is compared: a machine that is busy with something else makes single
 * rounds longer, never shorter. `npm run bench -- transfers` exits 1 where one
 * takes over three times the direct one.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startDaemon } from "./daemon.js";
import { cpuMicros } from "./processes.js";

const mebibyte = 1 << 20;
const uploadBytes = 60 * mebibyte;
const downloadBytes = 200 * mebibyte;
const rounds = 5;
const limit = 3;
const boundary = "----hoopxbench";
/** A picture's first bytes, then bytes that no text has: what a file is like. */
const block = Buffer.alloc(mebibyte);
for (let at = 0, state = 1; at < block.length; at += 1) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  block[at] = state >>> 24;
}

const [, , only = "", profiles] = process.argv;
if (only === "upstream") serve();
else await measure();

/** Reads what comes to its end, and answers GETs with the download. */
function serve() {
  const server = createServer((asked, answer) => {
    asked.resume();
    asked.on("end", () => {
      if (asked.method !== "GET") {
        answer.setHeader("content-type", "application/json");
        answer.end('{"id":"file-bench","object":"file"}');
        return;
      }
      const head = { "content-type": "application/octet-stream", "content-length": downloadBytes };
      answer.writeHead(200, head);
      let left = downloadBytes;
      const pour = () => {
        while (left > 0) {
          left -= block.length;
          if (!answer.write(block)) return void answer.once("drain", pour);
        }
        answer.end();
      };
      pour();
    });
  });
  server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
  process.on("disconnect", () => process.exit(0));
}

async function measure() {
  const upstream = fork(fileURLToPath(import.meta.url), ["upstream"]);
  const [{ port }] = await once(upstream, "message");
  const daemon = await startDaemon(
    port,
    profiles ? ["--cpu-prof", `--cpu-prof-dir=${profiles}`] : [],
  );
  // Uploads wait for a person where there is no policy; a file is looked at every second.
  writeFileSync(
    join(daemon.home, "config", "policy.yaml"),
    "version: 1\nrules:\n  - { name: all, when: {}, effect: allow }\n",
  );
  await setTimeout(2_000);
  const through = { ...daemon.target, path: daemon.target.path.replace(/\/responses$/, "") };
  const direct = { port, path: "/v1", headers: {} };
  const picture = pictureOf(uploadBytes);
  const file = fileOf(uploadBytes);
  const form = `multipart/form-data; boundary=${boundary}`;
  const transfers = {
    "picture of 60 MiB": (to) => send(to, "POST", "/responses", picture),
    "upload of 60 MiB": (to) => send(to, "POST", "/files", file, form),
    "download of 200 MiB": (to) => send(to, "GET", "/files/file-bench/content"),
  };
  try {
    console.log("transfer               direct ms   through ms   ratio   daemon CPU ms");
    for (const [name, transfer] of Object.entries(transfers)) {
      if (!name.startsWith(only)) continue;
      const most = Number.POSITIVE_INFINITY;
      const least = { direct: most, through: most, cpu: most };
      for (let round = 0; round < rounds; round += 1) {
        least.direct = Math.min(least.direct, await transfer(direct));
        const before = cpuMicros(daemon.pid);
        least.through = Math.min(least.through, await transfer(through));
        least.cpu = Math.min(least.cpu, (cpuMicros(daemon.pid) - before) / 1000);
      }
      const ratio = least.through / least.direct;
      const missed = ratio > limit;
      if (missed) process.exitCode = 1;
      console.log(
        `${name.padEnd(20)} ${least.direct.toFixed(0).padStart(11)} ${least.through.toFixed(0).padStart(12)} ${ratio.toFixed(2).padStart(7)} ${least.cpu.toFixed(0).padStart(15)}${missed ? "  MISSED" : ""}`,
      );
    }
  } finally {
    await daemon.stop();
    upstream.disconnect();
  }
}

/** A request with one picture in it, of this size as base64. */
function pictureOf(size) {
  const bytes = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), block]);
  const text = bytes
    .toString("base64")
    .replace(/=*$/, "")
    .repeat(Math.ceil((size / block.length / 4) * 3));
  const image_url = `data:image/png;base64,${text}`;
  return Buffer.from(
    JSON.stringify({ model: "gpt-5", input: [{ type: "input_image", image_url }] }),
  );
}

/** A form with one file of this size that no text is in, as an SDK uploads it. */
function fileOf(size) {
  const field = (name, more) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n`;
  const head =
    `${field("purpose", "")}\r\nuser_data\r\n` +
    `${field("file", '; filename="model.bin"')}Content-Type: application/octet-stream\r\n\r\n`;
  const blocks = Array.from({ length: size / block.length }, () => block);
  return Buffer.concat([Buffer.from(head), ...blocks, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}

/** Milliseconds until the reply has come to its end. */
function send({ port, path, headers }, method, below, body, type = "application/json") {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const more = body && {
      "content-type": type,
      "content-length": body.length,
    };
    const asked = request(
      {
        port,
        host: "127.0.0.1",
        method,
        path: `${path}${below}`,
        headers: { ...headers, ...more },
      },
      (answer) => {
        let size = 0;
        let begun = "";
        answer.on("data", (chunk) => {
          if (size === 0) begun = chunk.toString("utf8", 0, 200);
          size += chunk.length;
        });
        answer.on("error", reject);
        answer.on("end", () => {
          if (answer.statusCode === 200 && (body || size === downloadBytes)) {
            resolve(performance.now() - start);
          } else
            reject(
              new Error(`${method} ${below} was answered with ${answer.statusCode}: ${begun}`),
            );
        });
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
}
