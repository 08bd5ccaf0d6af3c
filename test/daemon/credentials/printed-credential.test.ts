import { expect, test } from "vitest";
import { readPrinted } from "../../../src/daemon/credentials/printed-credential.js";
import { connectionWith } from "../../contracts/credential-source.js";

const connection = connectionWith({ kind: "command", command: "x" });
const now = new Date("2026-01-01T00:00:00Z");
const epoch = now.getTime() / 1000;
const read = (text: string) => readPrinted(text, connection, now);

test.each<[string, string, string, number | undefined]>([
  ["a token alone", "tok.en-1\n", "tok.en-1", undefined],
  ["JSON with an ISO time", '{"token":"t1","expiresAt":"2026-01-01T01:00:00Z"}', "t1", 3_600_000],
  ["OAuth's names", '{"access_token":"t1","expires_in":60}', "t1", 60_000],
  ["digits as text", '{"access_token":"t1","expires_in":"60"}', "t1", 60_000],
  ["az's names", `{"accessToken":"t1","expires_on":${epoch + 90}}`, "t1", 90_000],
  ["without an end", '{"token":"t1"}', "t1", undefined],
  ["git's lines", `username=x\npassword=p1\npassword_expiry_utc=${epoch + 30}\n`, "p1", 30_000],
  ["git's lines without an end", "protocol=https\npassword=p1\n", "p1", undefined],
])("reads %s", (_what, text, token, lifetime) => {
  const printed = read(text);
  if (printed.kind !== "token") throw new Error("it is a token");
  expect([printed.token.reveal(), printed.lifetime]).toEqual([token, lifetime]);
});

test("reads the JSON of credential_process", () => {
  const expiration = "2026-01-01T00:30:00Z";
  const fields = { Version: 1, AccessKeyId: "ASIA1", SecretAccessKey: "s1", SessionToken: "t1" };
  const printed = read(JSON.stringify({ ...fields, Expiration: expiration }));
  if (printed.kind !== "aws") throw new Error("it is AWS's");
  expect(printed.lifetime).toBe(1_800_000);
  expect(printed.keys.accessKeyId).toBe("ASIA1");
  expect(printed.keys.secretAccessKey.reveal()).toBe("s1");
  expect(printed.keys.sessionToken?.reveal()).toBe("t1");
  expect(read('{"AccessKeyId":"A","SecretAccessKey":"s"}')).toMatchObject({ lifetime: undefined });
});

const secret = "sk-planted-0123";

test.each([
  ["nothing", " \n"],
  ["words", `the token is ${secret}`],
  ["several lines", `${secret}\n${secret}`],
  ["half of JSON", `{"token":"${secret}"`],
  ["JSON without a token", `{"key":"${secret}"}`],
  ["a token with a line break", `{"token":"${secret}\\r\\nx: 1"}`],
  ["an end that is none", `{"token":"${secret}","expiresAt":"soon"}`],
  ["a lifetime that is none", `{"token":"${secret}","expires_in":"1h"}`],
  ["an end of git's that is none", `password=${secret}\npassword_expiry_utc=soon`],
  ["AWS keys in part", `{"AccessKeyId":"A","SessionToken":"${secret}"}`],
])("refuses %s and repeats none of it", (_what, text) => {
  let message = "";
  try {
    read(text);
  } catch (error) {
    message = `${(error as Error).message} ${(error as { hint?: string }).hint}`;
  }
  expect(message).toMatch(/^the credential command of connection llm printed .+ it must print/);
  expect(message).not.toContain(secret);
});
