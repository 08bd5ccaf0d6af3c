/**
 * Problem mapping: which problem of the control API an error of another room stands
 * for. An error that wraps another is told by the first in its chain that is
 * known here; what is not known is a fault.
 */
import { RegistryError } from "../connections/registry-error.js";
import { CredentialError } from "../credentials/source.js";
import { LoginError } from "../oauth/login-error.js";
import { ForeignProcess } from "../processes/run-root.js";
import { RecordAltered } from "../record/sealing.js";
import { DeskError } from "../reviews/desk-error.js";
import { SecretStoreError } from "../secrets/secret-store.js";
import { NotTheRunner } from "../sessions/registry.js";
import { RecordLost } from "../store/file-watch.js";
import { BaseUrlError } from "../upstream/address.js";
import { ControlProblem } from "./control-problem.js";

/** The problem, with the most exact hint; undefined for a fault. */
export function problemOf(thrown: unknown): ControlProblem | undefined {
  const chain = causesOf(thrown);
  const store = chain.find((error) => error instanceof SecretStoreError);
  if (store !== undefined) {
    const shut = ["locked", "passphrase-needed", "passphrase-wrong"].includes(store.fault);
    const code = shut ? "secret_store_locked" : "secret_store_unavailable";
    return new ControlProblem(code, store.message, store.hint, { cause: thrown });
  }
  for (const error of chain) {
    if (error instanceof LoginError) {
      return new ControlProblem(error.problem, error.message, error.hint, { cause: thrown });
    }
    if (error instanceof CredentialError) {
      return new ControlProblem(error.problem, error.message, error.hint, { cause: thrown });
    }
    if (error instanceof ForeignProcess) {
      return new ControlProblem("bad_request", error.message, undefined, { cause: thrown });
    }
    if (error instanceof NotTheRunner) {
      const hint = "hoopx sessions revoke ID ends a session from anywhere";
      return new ControlProblem("bad_request", error.message, hint, { cause: thrown });
    }
    if (error instanceof RecordAltered) {
      return new ControlProblem("conflict", error.message, error.hint, { cause: thrown });
    }
    if (error instanceof RecordLost) {
      return new ControlProblem("store_unavailable", error.message, error.hint, { cause: thrown });
    }
    if (error instanceof DeskError) {
      return new ControlProblem(error.code, error.message, error.hint, { cause: thrown });
    }
    if (error instanceof BaseUrlError) {
      return new ControlProblem("bad_request", error.message, error.hint, { cause: thrown });
    }
    if (error instanceof RegistryError) {
      return new ControlProblem(error.code, error.message, error.hint, { cause: thrown });
    }
    if (/^SQLITE_/.test(String((error as { code?: unknown }).code))) {
      return new ControlProblem(
        "store_unavailable",
        "the record cannot be read or written",
        "free disk space, then hoopx daemon status",
        { cause: thrown },
      );
    }
  }
  return undefined;
}

function causesOf(thrown: unknown): readonly Error[] {
  const chain: Error[] = [];
  let error = thrown;
  while (error instanceof Error && chain.length < 8) {
    chain.push(error);
    error = error.cause;
  }
  return chain;
}
