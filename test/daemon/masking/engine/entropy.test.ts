import assert from "node:assert/strict";
import { test } from "vitest";
import { entropyOf, isPlaceholder } from "../../../../src/daemon/masking/engine/entropy.js";

test("entropy is in bits a character", () => {
  assert.equal(entropyOf(""), 0);
  assert.equal(entropyOf("aaaa"), 0);
  assert.equal(entropyOf("abab"), 1);
  assert.equal(entropyOf("0123456789abcdef"), 4);
});

test.each([
  "xxxxxxxxxxxx",
  "XXXX-XXXX-XXXX",
  "****************",
  "sk-...",
  "abcd…",
  "<your-key>",
  "[API_KEY]",
  "$" + "{TOKEN}",
  "$TOKEN",
  "$(cat token)",
  "{{ secrets.token }}",
  "%API_KEY%",
  "%(token)s",
  "example-key-1",
  "AKIDEXAMPLE",
  "changeme",
  "change-me",
  "your_api_key",
  "YOUR-TOKEN-42",
  "my_token",
  "REPLACE_ME",
  "0000000000",
  "1234567890",
  "abcdefghijkl",
  "0123456789abcdef",
  "abc123abc123abc123",
  "process.env.TOKEN",
  "os.environ['KEY']",
  "getToken()",
  "config.get(name)",
  "params[0]",
  "access_token",
  "userPasswordField",
  "my-cluster-name",
  "undefined",
  "TRUE",
  "",
  '""',
  "test",
])("stands for a secret: %s", (text) => {
  assert.equal(isPlaceholder(text), true);
});

test.each([
  "9f86d081884c7d659a2feaa0c55ad015",
  "tG7x2LqPz9Wv4KbN8mRd",
  "kqjzxwvbnmtrdfgh",
  "Zm9vYmFyMTIzNDU2Nzg5MGFi",
  "hT5!kd92#Lw",
  "c0rrect-h0rse-9-battery",
  "550e8400-e29b-41d4-a716-446655440000",
  "QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
])("may be one: %s", (text) => {
  assert.equal(isPlaceholder(text), false);
});

test("a long text costs no more than its length", () => {
  for (const piece of ["a.", "a-", "_", "1", "{", "<a"]) isPlaceholder(piece.repeat(100_000));
});
