/**
 * Daemon environment: the variables that the command line starts the daemon
 * with. It is an allow-list, so that unknown variables stay out.
 */
import { resolve } from "node:path";
import { passphraseVariable } from "../contract/key-variables.js";

const passed = new Set([
  ...["PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR"],
  // where the keychain lives
  ...["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY"],
  // which certificates to trust
  ...["SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"],
  // which proxy leads to the providers
  ...["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"],
  // what Windows cannot do without
  ...["SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "APPDATA", "LOCALAPPDATA", "USERPROFILE"],
  ...["PROGRAMDATA", "TEMP", "TMP", "PATHEXT", "COMSPEC", "USERNAME", "HOMEDRIVE", "HOMEPATH"],
]);

/** The variables that the daemon is started with. */
export function daemonEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    const upper = name.toUpperCase();
    const ours = upper.startsWith("HOOPX_") && upper !== "HOOPX_SESSION_ID";
    const allowed = passed.has(upper) || /^(LC|XDG)_/.test(upper) || ours;
    if (!allowed || upper === passphraseVariable || value === undefined) continue;
    // The daemon runs in another folder, and a relative home is below this one.
    kept[name] = upper === "HOOPX_HOME" && value !== "" ? resolve(value) : value;
  }
  return kept;
}
