/** Names and values that stand apart: each way of writing them, and what is written like it and is no secret. */
import { genericPairRules } from "../../../../src/daemon/masking/rules/generic-pairs.js";
import type { RuleCase } from "../../../support/rule-cases.js";
import { testRules } from "../../../support/rule-cases.js";

const password = ["gWfv6", "6B65bjK"].join("");
const token = ["4be19a07", "c63d58f2", "90a7e4b1"].join("");

testRules(genericPairRules, {
  found: [
    ...[
      '- name: DB_PASSWORD\n  value: "§"\n',
      "- name: DB_PASSWORD\n  value: '§'\n",
      "- name: DB_PASSWORD\n  value: §\n",
      '[{"Name":"DB_PASSWORD","Value":"§"}]',
      '{\n  "name": "ADMIN_PASSWORD",\n  "value": "§"\n}',
      '{"key": "password", "value": "§", "enabled": true}',
      '{"key":"password","type":"secret","enabled":true,"value":"§"}',
      'environment {\n  name  = "DB_PASSWORD"\n  value = "§"\n}',
      "db:\n  password: |\n    §\n  host: db7\n",
      "password: >-\n  §\n",
      "smtp:\n  password:\n    §\n",
      "password: !!str §\n",
      "ENV DB_PASSWORD §\n",
      "process.env.DB_PASSWORD || '§';",
      'process.env.DB_PASSWORD ?? "§";',
      'os.environ.get("DB_PASSWORD") or "§"',
      'variable "db_password" {\n  type = string\n  default = "§"\n}',
      "|---|---|\n| DB_PASSWORD | §  |\n",
      "<name>hive.metastore.password</name>\n  <value>§</value>",
      '<string name="db_password">§</string>',
      '<input type="password" name="pw" value="§">',
    ].map((text): RuleCase => ["generic-password", password, text]),
    ...[
      "- name: API_TOKEN\n  value: §\n",
      '{"key":"api_key","value":"§","type":"secret"}',
      '{"Name":"SERVICE_TOKEN","Value":"§"}',
      "api_key: |\n  §\n",
      '<add key="ApiKey" x="1">§</add>',
    ].map((text): RuleCase => ["generic-secret", token, text]),
  ],
  none: [
    '- name: LOG_LEVEL\n  value: "debug9x"\n',
    "- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: db-prod\n      key: password\n",
    "- name: DB_PASSWORD_FILE\n  value: /run/secrets/db_password\n",
    '{"name":"PASSWORD_MIN_LENGTH","value":"12"}',
    '{"key":"api_key","value":"{{api_key}}"}',
    '{"name":"DB_PASSWORD","value":""}',
    '{"name":"next_token","value":"4be19a07c63d58f290a7e4b1"}',
    "password:\n  type: string\n  minLength: 8\n",
    "password: |\n  {{ .Values.db.password }}\n",
    "ENV PASSWORD_STORE_DIR /var/lib/pass\n",
    "process.env.DB_PASSWORD || '';",
    "process.env.DB_PASSWORD || fail('no password');",
    "|---|---|\n| password | none |\n",
    "usage: Seen.Tokens | TranscriptionDiarizedTexts.TokensOfAll;",
    "key: KeyLike | SignPrivateKeyInput | SignJsonWebKeyInputOfKind | KeyObject,",
    "/_(?:SECRET_KEY|SESSION_TOKEN|SECURITY_TOKEN)$/u)?.[1];",
    'variable "db_password" {\n  type = string\n  sensitive = true\n}',
    "<name>password</name>\n<type>string</type>",
    '<input type="password" name="pw" value="">',
    "passwords:\n  - rotate: 90d\n  - length: 16\n",
  ],
});
