/**
 * `hoopx daemon status`: the daemon that runs. The one question that must not
 * start one: exit 1 says that none does.
 */
import type { DaemonView } from "../../../contract/daemon-view.js";
import { CliError } from "../../cli-error.js";
import type { Context } from "../../context.js";
import { printJson } from "../../output/json.js";
import { renderDetails } from "../../output/table.js";
import { ago } from "../../output/time.js";
import { portTakenText } from "../../port-taken.js";
import { socketTakenText } from "../../socket-taken.js";

export async function run(context: Context): Promise<undefined> {
  const { stdout, table } = context;
  const daemon = await context.client.status();
  if (daemon === undefined) {
    throw new CliError(
      "daemon_not_running",
      "the daemon is not running",
      "hoopx daemon start (every command that needs it starts it too)",
    );
  }
  if (context.json) {
    printJson(stdout, daemon);
    return;
  }
  const started = stdout.isTTY ? ago(daemon.startedAt, context.now()) : daemon.startedAt;
  stdout.write(
    renderDetails(
      [
        ["status", daemon.draining ? "draining" : "running"],
        ["process", String(daemon.pid)],
        ["version", daemon.version],
        ["started", started],
        ["address", `http://127.0.0.1:${daemon.port}`],
        ["sessions", String(daemon.sessions)],
        ["reviews", String(daemon.reviews)],
        ["policy", daemon.policy.hash.slice(0, 12)],
        ["record", daemon.record.state],
        ["secret store", storeText(daemon)],
        ["socket", daemon.socket],
        ["config", daemon.home.config],
        ["data", daemon.home.data],
        ["log", daemon.logFile],
      ],
      table,
    ),
  );
  const taken = { port: portTakenText(daemon), socket: socketTakenText(daemon) };
  for (const [name, text] of Object.entries(taken)) {
    if (text === undefined) continue;
    context.note(`${name}: ${text.message}`);
    context.note(`  ${text.hint}`);
  }
  const { message, hint } = daemon.record;
  if (message !== null) {
    context.note(`record: ${message}`);
    if (hint !== null) context.note(`  ${hint}`);
  }
  for (const { file, line, column, reason, hint } of daemon.policy.problems) {
    context.note(`policy: ${file}:${line}:${column}: ${reason}`);
    if (hint !== null) context.note(`  ${hint}`);
  }
}

const storeNames = { keychain: "keychain", file: "sealed file" } as const;

/** `sealed file (new secrets: keychain)`: where secrets are, and where new ones go if elsewhere. An older daemon says only the latter. */
function storeText({ secretStore, secretStoresInUse = [secretStore] }: DaemonView): string {
  const name = storeNames[secretStore];
  if (secretStoresInUse.length === 0) return `${name} (empty)`;
  const used = secretStoresInUse.map((store) => storeNames[store]).join(" and ");
  return secretStoresInUse.join() === secretStore ? used : `${used} (new secrets: ${name})`;
}
