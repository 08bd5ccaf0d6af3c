/**
 * Verify apart: a file that may come from anyone is verified by a process of
 * its own (verifier.ts), which is ended where it takes too long or says too
 * much. Meanwhile the daemon goes on.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { verifyFile } from "./record-log.js";
import type { RecordReport, VerifyOptions } from "./record-report.js";
import type { VerifierAnswer, VerifierTask } from "./verifier.js";

export interface ApartOptions {
  /** The process's entry point. Where it is not built (the sources, in tests) the file is read here. */
  readonly verifier: URL;
  /** Milliseconds that any file may take, and that each megabyte of it adds. */
  readonly patience?: { readonly least: number; readonly perMegabyte: number };
}

/** A slow disk reads two megabytes a second. */
const usualPatience = { least: 60_000, perMegabyte: 500 };
/** Characters of a report: each problem of a record has some two hundred. */
const longestAnswer = 64 * 1024 * 1024;

/** Verifies the record in a file that nothing of ours writes; throws for what is no record. */
export async function verifyApart(
  { verifier, patience = usualPatience }: ApartOptions,
  file: string,
  options: VerifyOptions,
  key?: Buffer,
): Promise<RecordReport> {
  const entry = fileURLToPath(verifier);
  if (!existsSync(entry)) return verifyFile(file, options, key);
  const { size } = await stat(file);
  const limit = patience.least + (size / (1 << 20)) * patience.perMegabyte;
  const { trusted, ...heads } = options;
  const task: VerifierTask = {
    ...{ file, ...heads },
    trusted: trusted?.toString("hex"),
    key: key?.toString("hex"),
  };
  const answer = JSON.parse(await answerOf(entry, task, limit)) as VerifierAnswer;
  if ("error" in answer) throw new Error(answer.error);
  const { report } = answer;
  return {
    ...report,
    sealed: report.sealed && { ...report.sealed, at: new Date(report.sealed.at) },
  };
}

function answerOf(entry: string, task: VerifierTask, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry], {
      env: {},
      stdio: ["pipe", "pipe", "ignore"],
      windowsHide: true,
    });
    // It would go on without end where the daemon stops first.
    const endWithDaemon = () => void child.kill("SIGKILL");
    process.once("exit", endWithDaemon);
    const ended = () => {
      clearTimeout(timer);
      process.off("exit", endWithDaemon);
    };
    const parts: Buffer[] = [];
    let length = 0;
    const stop = (why: string) => {
      child.kill("SIGKILL");
      reject(new Error(why));
    };
    const timer = setTimeout(() => {
      const seconds = Math.round(limit / 1000);
      stop(
        `reading it took over ${seconds} seconds, which no record of its size takes: it may be made so that reading it never ends. Verify a copy from where the record was written`,
      );
    }, limit);
    child.on("error", (error) => {
      ended();
      reject(error);
    });
    // It was not started, for want of file descriptors say, and has no pipes.
    if (child.pid === undefined) return;
    child.stdout.on("data", (part: Buffer) => {
      parts.push(part);
      length += part.length;
      if (length > longestAnswer) stop("it has more problems than can be told");
    });
    child.on("close", (code, signal) => {
      ended();
      if (code === 0) resolve(Buffer.concat(parts).toString());
      else
        reject(new Error(`the process that reads it ended with ${signal ?? `exit code ${code}`}`));
    });
    // It may end before it has read all.
    child.stdin.on("error", () => undefined);
    child.stdin.end(JSON.stringify(task));
  });
}
