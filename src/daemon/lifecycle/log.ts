/**
 * Log: pino to the log file. What happened and to which exchange, never what
 * was said: no header, no body, no token. Facts are flat, so that a field that
 * could hold a secret is struck out by its name; an error is told by its named
 * fields only, since libraries hang whole requests on theirs.
 */
import { type Logger, pino } from "pino";
import { type LogFile, type LogFileOptions, openLogFile } from "./log-file.js";

// Top level only: a wildcard costs 10 µs and more a line, and there is one a request.
const secretFields = [
  ...["authorization", "token", "secret", "passphrase", "password", "key", "headers", "body"],
  ...["apiKey", "cookie", "credential"],
];

/** Opens the log of a file; where that cannot be rotated, the log itself says so. */
export function openLog({
  level,
  ...options
}: Omit<LogFileOptions, "stuck"> & { readonly level: string }) {
  const stuck = (error: unknown) =>
    log.error({ err: error }, "the log cannot be rotated, and grows on");
  const destination = openLogFile({ ...options, stuck });
  const log = createLog(level, destination);
  return { log, destination };
}

/** Creates the daemon's log. */
export function createLog(level: string, destination: LogFile): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretFields, censor: "[secret]" },
      serializers: { err: errorFacts },
    },
    destination,
  );
}

const causesTold = 4;

function errorFacts(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  const { code } = error as NodeJS.ErrnoException;
  return {
    name,
    message,
    ...(code !== undefined && { code }),
    stack,
    ...(error.cause !== undefined &&
      depth < causesTold && { cause: errorFacts(error.cause, depth + 1) }),
  };
}
