import { expect, test } from "vitest";
import { RegistryError } from "../../../src/daemon/connections/registry-error.js";
import { problemOf } from "../../../src/daemon/control/problem-mapping.js";
import { CredentialError } from "../../../src/daemon/credentials/source.js";
import { LoginError } from "../../../src/daemon/oauth/login-error.js";
import { ForeignProcess } from "../../../src/daemon/processes/run-root.js";
import { RecordAltered } from "../../../src/daemon/record/sealing.js";
import { SecretStoreError } from "../../../src/daemon/secrets/secret-store.js";
import { NotTheRunner } from "../../../src/daemon/sessions/registry.js";
import { RecordLost } from "../../../src/daemon/store/file-watch.js";
import { BaseUrlError } from "../../../src/daemon/upstream/address.js";

const locked = new SecretStoreError("locked", "the keychain is locked", "unlock it");

test.each([
  [locked, "secret_store_locked", "the keychain is locked", "unlock it"],
  [
    new SecretStoreError("passphrase-needed", "needs its passphrase", "give it"),
    "secret_store_locked",
    "needs its passphrase",
    "give it",
  ],
  [new SecretStoreError("no-dbus", "no bus", "h"), "secret_store_unavailable", "no bus", "h"],
  [
    new CredentialError("cannot be read", "other", { cause: locked }),
    "secret_store_locked",
    "the keychain is locked",
    "unlock it",
  ],
  [new CredentialError("no token", "h"), "credential_unavailable", "no token", "h"],
  [
    new CredentialError("no key", "h", { problem: "secret_missing" }),
    "secret_missing",
    "no key",
    "h",
  ],
  [new CredentialError("nobody", "h", { problem: "login_needed" }), "login_needed", "nobody", "h"],
  [new LoginError("login_needed", "nobody", "log in"), "login_needed", "nobody", "log in"],
  [new LoginError("clock_skewed", "late", "set it"), "clock_skewed", "late", "set it"],
  [new BaseUrlError("no URL", "write it"), "bad_request", "no URL", "write it"],
  [new ForeignProcess("process 7 was not"), "bad_request", "process 7 was not", undefined],
  [
    new NotTheRunner("ses_1", "ends it"),
    "bad_request",
    "only the process that started session ses_1 ends it",
    "hoopx sessions revoke ID ends a session from anywhere",
  ],
  [new RecordAltered("place 7 is missing", "look"), "conflict", "place 7 is missing", "look"],
  [
    new RecordLost("it was removed", "put it back"),
    "store_unavailable",
    "it was removed",
    "put it back",
  ],
  [new RegistryError("already_exists", "taken", "rotate"), "already_exists", "taken", "rotate"],
  [
    Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" }),
    "store_unavailable",
    "the record cannot be read or written",
    "free disk space, then hoopx daemon status",
  ],
])("%s is the problem %s", (error, code, message, hint) => {
  expect(problemOf(error)).toMatchObject({ code, message, hint });
});

test("what is not known is a fault, nothing thrown included", () => {
  expect(problemOf(new Error("anything"))).toBeUndefined();
  expect(problemOf(undefined)).toBeUndefined();
  const circle = new Error("a");
  circle.cause = circle;
  expect(problemOf(circle)).toBeUndefined();
});
