// The record for benchmarks: the store as its source is now, bundled into a
// folder of its own, and the sessions and exchanges it is filled with.
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const source = fileURLToPath(new URL("../src/daemon/store", import.meta.url));
const modules = fileURLToPath(new URL("../node_modules", import.meta.url));

/** Bundles the store beneath `dir`; `remove` takes the folder with all that was written there. */
export async function buildRecord(dir, name) {
  const folder = mkdtempSync(join(dir, `hoopx-bench-${name}-`));
  await build({
    entryPoints: ["sqlite-store.ts", "checkpointer.ts", "sqlite.ts"].map((name) =>
      join(source, name),
    ),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
  });
  // The native module is looked for beside the built files.
  symlinkSync(modules, join(folder, "node_modules"), "junction");
  const { openSqlite } = await import(pathToFileURL(join(folder, "sqlite.mjs")).href);
  const { openStore } = await import(pathToFileURL(join(folder, "sqlite-store.mjs")).href);
  const open = (file, options) =>
    openStore({ file: join(folder, file), warn: console.error, ...options });
  const reader = (file) => openSqlite(join(folder, file), { readonly: true });
  const pathOf = (file) => join(folder, file);
  const checkpointer = pathToFileURL(join(folder, "checkpointer.mjs"));
  return { open, reader, pathOf, checkpointer, remove: () => rmSync(folder, { recursive: true }) };
}

/** A session as a run begins it; `more` says what is other. */
export function sessionOf(id, startedAt, more = {}) {
  return {
    ...{ id, tokenDigest: Buffer.alloc(32), title: null, labels: {} },
    identity: { issuer: "os:bench", subject: "bench", email: null, groups: [], profile: null },
    process: {
      ...{ pid: 1, pidStart: null, runnerPid: 2, runnerStart: null, command: "node agent.js" },
      ...{ cwd: "/work/agent", host: "bench", user: "bench", git: null, ci: null },
    },
    ...{ processCheck: "tree", connections: ["openai"], credentials: [], startedAt },
    ...{ expiresAt: startedAt, policyHash: "ab".repeat(32), status: "active", endedAt: null },
    ...{ exitCode: null, ...more },
  };
}

/** Records an exchange from its beginning to its end; resolves once both are durable. */
export function recordExchange(store, { key, request, reply, ending = {}, ...opening }) {
  const opened = store.transcripts.open({
    ...{ key, sessionId: null, seq: 1, startedAt: new Date(), process: null },
    ...{ connection: "openai", requestBytes: request.length, operation: null, decision: null },
    ...opening,
    frames: [{ kind: "request-body", at: 1, data: request }],
  });
  const ended = new Promise((resolve, reject) => {
    for (const data of reply) {
      store.transcripts.append(key, { kind: "reply-body", at: 2, data }, () => {});
    }
    const responseBytes = reply.reduce((sum, { length }) => sum + length, 0);
    store.transcripts.close(
      key,
      {
        ...{ status: 200, firstByteAt: 1, endedAt: 2, responseBytes, tokens: null, error: null },
        ...{ masked: [], ...ending },
      },
      (failed) => (failed ? reject(failed) : resolve()),
    );
  });
  return Promise.all([opened, ended]);
}
