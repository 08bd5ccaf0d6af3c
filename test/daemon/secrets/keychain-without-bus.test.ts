/** The library reads the bus's address once a process, so this has a file, and so a process, of its own. */
import { expect, test } from "vitest";
import { createKeychainStore } from "../../../src/daemon/secrets/keychain.js";

test.skipIf(process.platform !== "linux")("no session bus: no-dbus", async () => {
  delete process.env.DBUS_SESSION_BUS_ADDRESS;
  delete process.env.XDG_RUNTIME_DIR;
  const store = createKeychainStore({ scope: "home" });
  await expect(store.get("one")).rejects.toMatchObject({
    fault: "no-dbus",
    message: expect.stringContaining("session bus"),
    hint: expect.stringMatching(/hoopx daemon restart .* --secret-store file/),
  });
});
