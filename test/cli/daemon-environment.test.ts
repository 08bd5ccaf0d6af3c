/** What of a shell's environment the daemon gets. */
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { daemonEnvironment } from "../../src/cli/daemon-environment.js";

test("the daemon gets listed variables only, the way to the provider among them", () => {
  expect(
    daemonEnvironment({
      PATH: "/bin",
      LC_ALL: "C",
      XDG_RUNTIME_DIR: "/run/1",
      HOOPX_HOME: "/h",
      HOOPX_SESSION_ID: "ses_1",
      HOOPX_PASSPHRASE: "correct horse",
      OPENAI_API_KEY: "sk-real",
      NODE_OPTIONS: "--inspect",
      AWS_SECRET_ACCESS_KEY: "x",
      https_proxy: "http://user:password@proxy",
    }),
  ).toEqual({
    PATH: "/bin",
    LC_ALL: "C",
    XDG_RUNTIME_DIR: "/run/1",
    HOOPX_HOME: "/h",
    https_proxy: "http://user:password@proxy",
  });
});

test("a relative home is below the folder of the command", () => {
  expect(daemonEnvironment({ HOOPX_HOME: "home" })).toEqual({ HOOPX_HOME: resolve("home") });
  expect(daemonEnvironment({ HOOPX_HOME: "" })).toEqual({ HOOPX_HOME: "" });
});
