/**
 * Cloud, Amazon: AWS's long-lived and temporary keys, and what its services
 * sign and accept. An access key ID is recognised by its first four letters, a
 * secret key only by its name or by the ID beside it.
 */
import { begins, ends, notBefore, notBehind } from "../engine/edges.js";
import { isPlaceholder } from "../engine/entropy.js";
import type { Rule } from "../engine/rule.js";
import { anywhere, written } from "./anywhere.js";
import { assigned } from "./shapes.js";

const idBeginnings = ["AKIA", "ASIA", "ABIA", "ACCA", "A3T"];
const accessKeyId = "(?:A[KSB]IA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}";

const secretNames = [
  "secret_access_key",
  "secret-access-key",
  "secretaccesskey",
  "secret access key",
  "aws_secret",
  "aws-secret",
  "awssecret",
  "aws_sec",
];

export const amazonRules: readonly Rule[] = [
  {
    detector: "aws-access-key",
    about: "AWS access key ID",
    keywords: idBeginnings,
    exact: true,
    pattern: `${notBehind("A-Za-z0-9")}${accessKeyId}${notBefore("A-Za-z0-9")}`,
    accept: written,
  },
  {
    detector: "aws-access-key",
    about: "access key ID of a service that speaks AWS's protocol",
    keywords: ["access_key_id", "access-key-id", "accesskeyid"],
    anyCase: true,
    pattern: assigned("access[_-]?key[_-]?id", "[A-Z0-9]{16,32}"),
    accept: (id) => /\d/.test(id) && /[A-Za-z]/.test(id) && !isPlaceholder(id),
  },
  {
    detector: "aws-secret-key",
    about: "AWS secret access key, by its name",
    keywords: secretNames,
    anyCase: true,
    pattern: assigned(secretNames.join("|"), `[A-Za-z0-9/+]{40}${notBefore("/+=")}`),
    accept: (secret) => !/[xX*.]{8}/.test(secret),
  },
  {
    detector: "aws-secret-key",
    about: "40 characters of base64 named a secret key",
    keywords: ["secretkey", "secret_key", "secret-key", "secret key"],
    anyCase: true,
    pattern: assigned("secret[_ -]?key", `[A-Za-z0-9/+]{40}${notBefore("/+=")}`),
    accept: (secret) => /[A-Z]/.test(secret) && /[a-z]/.test(secret) && /\d/.test(secret),
  },
  {
    detector: "aws-secret-key",
    about: "40 characters of base64 named a key of AWS",
    keywords: ["aws"],
    anyCase: true,
    pattern: assigned("aws[\\w.-]{0,24}(?:key|secret|pass|pw)", "[A-Za-z0-9/+=]{40}"),
    accept: (secret) => /\d/.test(secret) && /[A-Za-z]/.test(secret) && !isPlaceholder(secret),
  },
  {
    detector: "aws-secret-key",
    about: "AWS secret access key, right after its access key ID",
    keywords: idBeginnings,
    exact: true,
    pattern: `${notBehind("A-Za-z0-9")}${accessKeyId}[^A-Za-z0-9+/=]{1,8}(?<secret>[A-Za-z0-9/+]{40})${notBefore("A-Za-z0-9/+")}`,
    accept: written,
  },
  {
    detector: "aws-session-token",
    about: "AWS session token, by its name",
    keywords: [
      "session_token",
      "session-token",
      "sessiontoken",
      "security-token",
      "security_token",
    ],
    anyCase: true,
    pattern: assigned("(?:session|security)[_-]?token", "[A-Za-z0-9/+%._-]{36,4000}={0,2}"),
    accept: (token) => /\d/.test(token) && /[A-Za-z]/.test(token) && !isPlaceholder(token),
  },
  {
    detector: "aws-session-token",
    about: "AWS session, by a name of its own",
    keywords: ["aws"],
    anyCase: true,
    pattern: assigned("aws[\\w.-]{0,8}session", "[A-Za-z0-9/+=]{16,2000}"),
    accept: (token) => /\d/.test(token) && /[A-Za-z]/.test(token) && !isPlaceholder(token),
  },
  {
    detector: "aws-session-token",
    about: "AWS session token, by its beginning",
    keywords: ["IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz"],
    exact: true,
    pattern: "(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)[A-Za-z0-9/+=%]{80,4000}",
  },
  {
    detector: "aws-bedrock-key",
    about: "Amazon Bedrock API key, long-lived",
    keywords: ["ABSK"],
    exact: true,
    pattern: `${begins}ABSK[A-Za-z0-9+/]{100,280}={0,2}${notBefore("A-Za-z0-9+/=")}`,
    accept: written,
  },
  {
    detector: "aws-bedrock-key",
    about: "Amazon Bedrock API key, short-lived, after its first word",
    keywords: ["bedrock-api-key-"],
    exact: true,
    pattern: `bedrock-(?<secret>api-key-YmVkcm9jay5hbWF6b25hd3MuY29t[A-Za-z0-9+/]{0,4000}={0,2})${ends}`,
  },
  {
    detector: "aws-appsync-key",
    about: "AWS AppSync API key",
    keywords: ["da2-"],
    pattern: `${begins}da2-[a-z0-9]{26}${ends}`,
  },
  {
    detector: "aws-signature",
    about: "signature of a presigned AWS request",
    keywords: ["x-amz-signature"],
    anyCase: true,
    pattern: "x-amz-signature(?:=|%3D)(?<secret>[0-9a-f]{64})",
  },
  anywhere(
    { detector: "amazon-mws-token", about: "Amazon Marketplace Web Service token" },
    ["amzn.mws."],
    "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
  ),
  anywhere(
    { detector: "amazon-client-secret", about: "Login with Amazon client secret" },
    ["amzn1.oa2-cs."],
    "v1\\.[0-9a-f]{64}",
  ),
];
