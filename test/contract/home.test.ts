import { expect, test } from "vitest";
import { homeOf } from "../../src/contract/home.js";

test("HOOPX_HOME puts everything below one folder", () => {
  expect(homeOf({ HOOPX_HOME: "/tmp/h", XDG_RUNTIME_DIR: "/run/user/1" }, "linux")).toEqual({
    config: "/tmp/h/config",
    data: "/tmp/h/data",
    run: "/tmp/h/run",
    log: "/tmp/h/log",
    socket: "/tmp/h/run/hoopxd.sock",
  });
});

test("without it the runtime folder holds the socket", () => {
  const home = homeOf({ XDG_RUNTIME_DIR: "/run/user/1" }, "linux");
  expect(home.socket).toBe("/run/user/1/hoopx/hoopxd.sock");
  expect(home.config).toMatch(/hoopx$/);
});

test("a socket's address always fits, and differs by home", () => {
  const deep = (name: string) => homeOf({ HOOPX_HOME: `/tmp/${name.repeat(60)}` }, "linux").socket;
  expect(Buffer.byteLength(deep("ab"))).toBeLessThanOrEqual(103);
  expect(deep("ab")).not.toBe(deep("cd"));
});

test("Windows has a named pipe a home", () => {
  expect(homeOf({ HOOPX_HOME: "/h" }, "win32").socket).toMatch(
    /^\\\\\.\\pipe\\hoopx-[0-9a-f]{16}$/,
  );
});
