/**
 * Daemon handlers: its state, its checkup, its stop, and the passphrase that
 * opens the sealed file.
 */
import type { DaemonView } from "../../../contract/daemon-view.js";
import { Secret } from "../../model/secret.js";
import type { HandlersOf } from "../handler.js";
import type { Checkup } from "./checkup.js";

export interface DaemonHandlersOptions {
  readonly view: () => Promise<DaemonView>;
  readonly stop: () => void;
  readonly stopWhenIdle: () => void;
  readonly unlock: (passphrase: Secret) => Promise<void>;
  readonly checkup: Checkup;
}

/** Creates the handlers for the daemon itself. */
export function createDaemonHandlers(
  options: DaemonHandlersOptions,
): HandlersOf<"daemonStatus" | "daemonStop" | "unlock" | "checkup"> {
  return {
    daemonStatus: () => options.view(),

    daemonStop({ body }) {
      if (body.whenIdle === true) options.stopWhenIdle();
      else options.stop();
      return options.view();
    },

    async unlock({ body }) {
      await options.unlock(new Secret(body.passphrase));
      return {};
    },

    checkup: ({ actor, signal }) => options.checkup(actor, signal),
  };
}
