/**
 * Check: one line of `hoopx doctor`, in its four outcomes. A check that could
 * not be made is said to be skipped, never passed over.
 */
import type { CheckView } from "../../contract/checkup-views.js";
import { CliError } from "../cli-error.js";

export const passed = (name: string, message: string): CheckView => ({
  name,
  outcome: "ok",
  message,
  hint: null,
});

export const warning = (name: string, message: string, hint: string | null): CheckView => ({
  name,
  outcome: "warning",
  message,
  hint,
});

export const skipped = (name: string, message: string, hint: string | null = null): CheckView => ({
  name,
  outcome: "skipped",
  message,
  hint,
});

export const failed = (name: string, message: string, hint: string | null): CheckView => ({
  name,
  outcome: "failed",
  message,
  hint,
});

/** The check that an error ended: whatever it was, the others are still worth making. */
export function failure(name: string, error: unknown): CheckView {
  if (error instanceof CliError) return failed(name, error.message, error.hint);
  const message = error instanceof Error ? error.message : String(error);
  return failed(name, message, "hoopx daemon logs tells more");
}
