import OpenAI from "openai";
import { expect, test } from "vitest";
import { noticeOf, Refusal } from "../../../../src/daemon/model/refusal.js";
import { refusalBody } from "../../../../src/daemon/providers/openai/refusal.js";

const notice = {
  code: "policy_denied",
  status: 400,
  message: "files.delete denied",
  hint: "hoopx policy shows the rules in force",
  exchangeId: "exc_1",
};

test("has the shape of OpenAI's errors", () => {
  const { body, contentType } = refusalBody(notice);
  expect(contentType).toBe("application/json");
  expect(JSON.parse(body.toString())).toEqual({
    error: {
      message: "hoopx: files.delete denied (hoopx policy shows the rules in force; exchange exc_1)",
      type: "hoopx_policy_denied",
      code: "policy_denied",
      param: null,
    },
  });
});

test("a hint that names the exchange stands for it", () => {
  const refusal = new Refusal("policy_denied", "files.delete denied by rule x: because");
  const { body } = refusalBody(noticeOf(refusal, "exc_1"));
  expect(JSON.parse(body.toString()).error.message).toBe(
    "hoopx: files.delete denied by rule x: because (why: hoopx policy explain exc_1)",
  );
});

test("the message is one line, without hint too, and carries no terminal controls", () => {
  const { body } = refusalBody({
    ...notice,
    hint: "",
    message: "a\r\nb\u001b[31m\u009b\u2028\u202ec",
  });
  expect(JSON.parse(body.toString()).error.message).toBe("hoopx: a b [31m c (exchange exc_1)");
});

test("the openai package shows it, and does not try again", async () => {
  let calls = 0;
  const client = new OpenAI({
    apiKey: "k",
    fetch: async () => {
      calls += 1;
      const { body, contentType } = refusalBody(notice);
      const headers = { "content-type": contentType, "x-should-retry": "false" };
      return new Response(new Uint8Array(body), { status: notice.status, headers });
    },
  });
  const error = await client.files.delete("f").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ status: 400, code: "policy_denied", type: "hoopx_policy_denied" });
  expect(String(error)).toContain("hoopx: files.delete denied");
  expect(calls).toBe(1);
});
