/** Amazon's keys are found by their beginning, their name or the ID beside them. */
import { expect, test } from "vitest";
import { amazonRules } from "../../../../src/daemon/masking/rules/cloud-amazon.js";
import { invented } from "../../../support/invented.js";
import { matchesOf } from "../../../support/rule-matches.js";

const { hex, lower, mixed, upper, uuid } = invented;

test.each([
  ...[`AK${"IA"}${upper(16)}`, `AS${"IA"}${upper(16)}`].flatMap((id) => [
    ["aws-access-key", `export AWS_ACCESS_KEY_ID=${id}`, id],
    ["aws-access-key", `"${id}"`, id],
  ]),
  ...[
    `aws_secret_access_key = ${mixed(40)}`,
    `"SecretAccessKey": "${mixed(40)}"`,
    `<awsSecretKey>${mixed(40)}</awsSecretKey>`,
    `AK${"IA"}${upper(16)}:${mixed(40)}`,
    `AK${"IA"}${upper(16)},${mixed(40)}`,
    `secretKey: "${mixed(40)}"`,
    `aws.api.key="${mixed(40)}"`,
  ].map((text) => ["aws-secret-key", text, mixed(40)]),
  [
    "aws-session-token",
    `AWS_SESSION_TOKEN="IQo${"Jb3JpZ2lu"}${mixed(300)}=="`,
    `IQo${"Jb3JpZ2lu"}${mixed(300)}==`,
  ],
  ["aws-session-token", `aws_session_token: ${mixed(200)}`, mixed(200)],
  ["aws-bedrock-key", `key=ABS${"K"}${mixed(120)}`, `ABS${"K"}${mixed(120)}`],
  [
    "aws-bedrock-key",
    `bedrock-api-key-${"YmVkcm9jay5hbWF6b25hd3MuY29t"}${mixed(90)}`,
    `api-key-${"YmVkcm9jay5hbWF6b25hd3MuY29t"}${mixed(90)}`,
  ],
  ["aws-appsync-key", `x-api-key: da2-${lower(26)}`, `da2-${lower(26)}`],
  ["aws-signature", `?X-Amz-Signature=${hex(64)}`, hex(64)],
  ["amazon-mws-token", `amzn.mws.${uuid()}`, `amzn.mws.${uuid()}`],
  ["amazon-client-secret", `amzn1.oa2-cs.v1.${hex(64)}`, `amzn1.oa2-cs.v1.${hex(64)}`],
])("%s: %s", (detector, text, secret) => {
  const found = matchesOf(amazonRules, text);

  expect(found.map((finding) => finding.detector)).toContain(detector);
  expect(found.map(({ start, end }) => text.slice(start, end))).toContain(secret);
});

test.each([
  `AK${"IA"}IOSFODNN7EXAMPLE`,
  `key = AK${"IA"}${"X".repeat(16)}`,
  "THISASIAISACONTINENTOFMANYPEOPLE",
  `commit ${hex(40)}`,
  "aws_secret_access_key = process.env.AWS_SECRET_ACCESS_KEY",
  `aws_secret_access_key = ${"x".repeat(40)}`,
  `secretKey: "${hex(40)}"`,
  "da2-short",
])("is none: %s", (text) => {
  expect(matchesOf(amazonRules, text)).toEqual([]);
});
