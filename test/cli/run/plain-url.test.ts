import { expect, test } from "vitest";
import { withoutCredentials } from "../../../src/cli/run/plain-url.js";

test.each([
  ["https://github.com/acme/app.git", "https://github.com/acme/app.git"],
  ["https://ghp_token@github.com/acme/app.git", "https://github.com/acme/app.git"],
  ["https://ada:ghp_token@github.com:8443/acme/app", "https://github.com:8443/acme/app"],
  ["https://x-token-auth:tok%2Fen@bitbucket.org/a/b", "https://bitbucket.org/a/b"],
  ["http://a:p@ss@host/x", "http://host/x"],
  ["https://host/x?private_token=glpat-secret#frag", "https://host/x"],
  ["ssh://git@host:2222/a/b.git", "ssh://git@host:2222/a/b.git"],
  ["ssh://git:secret@host/a", "ssh://git@host/a"],
  ["git@github.com:acme/app.git", "git@github.com:acme/app.git"],
  ["ada:secret@host:acme/app.git", "host:acme/app.git"],
  ["host:acme/app.git", "host:acme/app.git"],
  ["../sibling", "../sibling"],
  ["file:///srv/git/app.git", "file:///srv/git/app.git"],
])("%s is shown as %s", (text, plain) => {
  expect(withoutCredentials(text)).toBe(plain);
});

test.each([
  "https://ada:sec/ret@host/x",
  "https://[broken",
  "ext::sh -c 'token secret %S'",
  "a@b@c:secret",
])("%s is not shown at all: a secret could be anywhere in it", (text) => {
  expect(withoutCredentials(text)).toBeUndefined();
});
