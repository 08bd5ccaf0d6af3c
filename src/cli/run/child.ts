/**
 * Child: runs the agent with our own stdin, stdout and stderr, hands signals
 * on, and tells how it ended. A Ctrl-C reaches it exactly once: the terminal
 * sends it to the whole foreground group, child included, so that one is not
 * sent again.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { isatty } from "node:tty";
import { CliError } from "../cli-error.js";
import { escapeLine } from "../output/escape.js";

export interface ChildOptions {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Where what it writes on stdout goes; our own stdout may carry something else. */
  readonly output: "stdout" | "stderr";
}

export interface Child {
  readonly pid: number;
  /** Its exit code, or 128 and the number of the signal that ended it. */
  readonly ended: Promise<number>;
}

/** Passed on, from any sender. SIGCONT: a stopped child must go on with us. */
const forwarded = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCONT"] as const;
/** Sent on unless the terminal has already sent them to both. */
const fromTerminal = ["SIGINT", "SIGQUIT"] as const;

/** Starts the child; fails with exit code 126 or 127, as a shell would, where it cannot. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const pending: NodeJS.Signals[] = [];
  let child: ChildProcess | undefined;
  const forward = (signal: NodeJS.Signals) => {
    if (child === undefined) pending.push(signal);
    else child.kill(signal);
  };
  const terminalSignal = (signal: NodeJS.Signals) => {
    if (!inForeground()) forward(signal);
  };
  // Listening before the child is there: a signal in between must not end us alone.
  if (process.platform !== "win32") for (const signal of forwarded) process.on(signal, forward);
  for (const signal of process.platform === "win32" ? (["SIGINT"] as const) : fromTerminal) {
    process.on(signal, terminalSignal);
  }
  const running = spawn(options.command, options.arguments, {
    stdio: ["inherit", options.output === "stderr" ? 2 : "inherit", "inherit"],
    env: options.environment,
  });
  const ended = new Promise<number>((resolve) => {
    running.on("exit", (code, signal) => {
      resolve(signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0));
    });
  });
  await new Promise<void>((resolve, reject) => {
    running.once("spawn", resolve);
    running.once("error", (error) => reject(notRunnable(options.command, error)));
  });
  child = running;
  for (const signal of pending) child.kill(signal);
  return { pid: running.pid ?? 0, ended };
}

/** Are we in the terminal's foreground group? It sends Ctrl-C to all of that. */
function inForeground(): boolean {
  if (process.platform === "linux") {
    try {
      // Fields after the name in parentheses: state ppid pgrp session tty_nr tpgid (proc(5)).
      const text = readFileSync("/proc/self/stat", "utf8");
      const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
      return fields[2] === fields[5];
    } catch {
      // No /proc: as elsewhere.
    }
  }
  return isatty(0) || isatty(1) || isatty(2);
}

function notRunnable(command: string, cause: NodeJS.ErrnoException): CliError {
  const shown = escapeLine(command);
  if (cause.code === "ENOENT") {
    return new CliError(
      "command_not_found",
      `command not found: ${shown}`,
      "check the spelling and PATH, or give its path (./agent.sh)",
      { exitCode: 127, cause },
    );
  }
  return new CliError(
    "command_not_executable",
    `${shown} cannot be run${cause.code === undefined ? "" : ` (${cause.code})`}`,
    `make it executable (chmod +x), or name its program: hoopx run -- sh ${shown}`,
    { exitCode: 126, cause },
  );
}
