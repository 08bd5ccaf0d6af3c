/**
 * Browser: shows a page to the person where there is a display to show it on.
 * Only web pages: the address comes from the identity provider.
 */
import type { Environment } from "../start-daemon.js";

/** Is there a screen before the person who runs this? */
export function hasDisplay(environment: Environment, platform: string): boolean {
  const set = (name: string) => (environment[name] ?? "") !== "";
  if (platform === "win32" || platform === "darwin") return !set("SSH_CONNECTION");
  return set("DISPLAY") || set("WAYLAND_DISPLAY") || set("WSL_DISTRO_NAME");
}

/** Opens a page; false where that failed, which is no reason to stop. */
export async function openBrowser(address: string): Promise<boolean> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") return false;
  try {
    const { default: open } = await import("open");
    const child = await open(url.href);
    child.on("error", () => undefined);
    return true;
  } catch {
    return false;
  }
}
