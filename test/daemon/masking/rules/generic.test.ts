/**
 * Generic rules: what is found by a name or a place, and what is left alone.
 * All samples are inventions; the random ones are put together here.
 */
import assert from "node:assert/strict";
import { describe, test } from "vitest";
import { connectionStringRules } from "../../../../src/daemon/masking/rules/connection-strings.js";
import { genericAssignmentRules } from "../../../../src/daemon/masking/rules/generic-assignments.js";
import { genericHeaderRules } from "../../../../src/daemon/masking/rules/generic-headers.js";
import { genericPlaceRules } from "../../../../src/daemon/masking/rules/generic-places.js";
import { passwordHashRules } from "../../../../src/daemon/masking/rules/password-hashes.js";
import { controls, edgesBefore, edgesBehind, titles } from "../../../support/edges.js";
import { openMaskingOf } from "../../../support/invented-rules.js";
import { matchesOf } from "../../../support/rule-matches.js";

const rules = [
  ...connectionStringRules,
  ...passwordHashRules,
  ...genericHeaderRules,
  ...genericPlaceRules,
  ...genericAssignmentRules,
];
const token = ["q7Rk2vXn", "9TzLw4Bm", "8HsYc3Pd"].join("");
const hex = ["4be19a07", "c63d58f2", "90a7e4b1", "6f2d8c35"].join("");
const password = ["tr0ub", "4dor&3"].join("");
const jwt = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJhZGEifQ", "q7Rk2vXn9TzLw4Bm8HsYc3Pd"].join(".");

/** Of these the name begins a word: inside of quotes or brackets the value's own signs would end it. */
const wordEdges = [...controls, ...edgesBefore.filter((edge) => /\s$|\\[nt]$|31m$|%0A/.test(edge))];

describe("hidden", () => {
  test.each<readonly [string, string]>([
    [`const apiKey = "${token}";`, token],
    [`api_key: '${token}'`, token],
    [`x-websocket-key: ${token}`, token],
    [`"clientSecret" => '${hex}',`, hex],
    [`export SERVICE_TOKEN=${token}`, token],
    [`service_token := \`${token}\``, token],
    [`{"access_token":"${token}"}`, token],
    [`{\\"access_token\\":\\"${token}\\"}`, token],
    [`var authToken string = "${token}"`, token],
    [`setProperty("signing_key", "${token}")`, token],
    [`<apiToken>\n  ${token}\n</apiToken>`, token],
    [`$secretKey .= "${hex}"`, hex],
    [`deploy --api-key ${token} --verbose`, token],
    [`client_secret: 5b1c7d52-3f0e-4a55-9d7e-2f9c1be0a7d4`, "5b1c7d52-3f0e-4a55-9d7e-2f9c1be0a7d4"],
    [`db_password = "${password}"`, password],
    [`if (password !== "${password}") {`, password],
    [`PASSWORD=bluewhale`, "bluewhale"],
    [`if (password.equals("${password}")) {`, password],
    [`Driver={SQL Server};Server=db7;Uid=sa;Pwd={${password}};`, password],
    [`The default password for the router is ${password}.`, password],
    [`default password of root: ${password}`, password],
    // Signs and escapes are of the password.
    ...[
      ['DB_PASSWORD="', 'GwF53Ax\\"c7gbjQ9', '"'],
      ["'password' => '", "f53fWp\\'kV5Hug", "',"],
      ['{"password":"', "J27x3k\\u0026gx9JpV", '"} was sent'],
      ['export SMTP_PASSWORD="', "vV4s5w\\$Upa3uf", '"'],
      ['ADMIN_PASSWORD="', "T8i764 YdBn28 q5Lw", '"'],
      ["export DB_PASSWORD=$'", "D3pDX8\\'BMm8TG", "'"],
      ['password = """', 'wi7rn4"2hNetR', '"""'],
      ["DB_PASSWORD=", "vrQghe,h4P69H", "\n"],
      ["DB_PASSWORD=", "Am68ad;ggdLXL", "\n"],
      ["REDIS_PASSWORD=", "seRiTn(2Lx)P58", "\n"],
      ["SMTP_PASSWORD=", "qfq996'bU55ed", "\n"],
      ["ADMIN_PASSWORD=", 'uCa6tv"yp23pj', "\n"],
      ["password: ", "Lp3RAa,zs6yX8", "\n"],
      ["DB_PASSWORD=", "y3jqp7\\ 3iUi44", "\n"],
    ].map(([before, secret, behind]): [string, string] => [
      `${before}${secret}${behind}`,
      `${secret}`,
    ]),
    [`login("ada", password="${password}")`, password],
    [`password := a]b{c(d)e>f#g$h`, "a]b{c(d)e>f#g$h"],
    [`user = ada\n# since spring\npassword = moonrise\n`, "moonrise"],
    [`<password>${password}</password>`, password],
    [`<add key="SmtpPassword" value="${password}" />`, password],
    [`machine git.acme.test\n  login ada\n  password ${password}\n`, password],
    [`//registry.acme.test/:_authToken=${token}`, token],
    [`the password for user "ada" is "moonrise".`, "moonrise"],
    [`the API key is ${token.toUpperCase()}.`, token.toUpperCase().slice(0, 20)],
    [`the token was \`${token}\``, token],
    [`Your password is Tr0ub4dor&3 until Friday`, "Tr0ub4dor&3"],
    [`new NetworkCredential("ada", "moonrise", "ACME")`, "moonrise"],
    [`Authorization: Bearer ${token}`, token],
    [`-H "authorization: Basic YWRhOm1vb25yaXNl"`, "YWRhOm1vb25yaXNl"],
    [`X-Api-Key: ${token}`, token],
    [`Set-Cookie: theme=dark; session_id=${token}; Path=/`, token],
    [`curl -u ada:${password} https://acme.test`, `ada:${password}`],
    [`curl --user 'ada':'${password}' https://acme.test`, `ada':'${password}`],
    [`got ${jwt} back`, jwt],
    [Buffer.from(jwt).toString("base64"), Buffer.from(jwt).toString("base64")],
    [
      `postgres://ada:${password}@db.acme.test:5432/shop?ssl=1`,
      `ada:${password}@db.acme.test:5432/shop?ssl=1`,
    ],
    [`jdbc:mysql://db.acme.test/shop?user=ada&password=${password}&ssl=1`, password],
    [`redis://:${token}@cache.acme.test`, `:${token}@cache.acme.test`],
    [`https://ada:${password}@acme.test/x`, password],
    [`Server=db;User Id=ada;Password=moonrise;`, "moonrise"],
    [`Server=db;User Id=ada;Password=moonrise;`, "ada"],
    [`$2b$12$${"Kq3".repeat(17)}wx`, `$2b$12$${"Kq3".repeat(17)}wx`],
    [`$argon2id$v=19$m=65536,t=3,p=4$${"c2Fs".repeat(4)}$${"aGFz".repeat(8)}`, "aGFz".repeat(8)],
    [`$6$rounds=5000$saltsalt$${"a./B".repeat(21)}xy`, "a./B".repeat(21)],
    [`ada::ACME:${hex.slice(0, 16)}:${hex}:0101000000000000${hex}`, hex],
    [Buffer.from(`-----BEGIN EC PRIVATE KEY-----\n${token}`).toString("base64"), "LS0tLS1CRUdJTi"],
  ])("%s", (text, secret) => {
    assert.ok(hidden(text, secret), JSON.stringify(matchesOf(rules, text)));
    const half = secret.length >> 1;
    const before = text.endsWith("\n") ? wordEdges : edgesBefore;
    const masking = openMaskingOf(rules);
    const texts = [
      ...before.map((edge) => edge + text),
      ...edgesBehind.map((edge) => text + edge),
      ...titles.map(([begins, ends]) => begins + text + ends),
      ...controls.map((one) =>
        text.replace(secret, secret.slice(0, half) + one + secret.slice(half)),
      ),
    ];
    assert.deepEqual(
      texts.filter((one) => leaves(masking.mask(one).text, one, secret)),
      [],
    );
  });

  test("a text of its own behind its name, as a member's value is looked at", () => {
    assert.ok(hidden(`"api_key":"${hex}`, hex));
  });
});

test.each([
  ["password: ", "NotAPassword!2024"],
  ["DB_PASSWORD=", "nosecret#9fK2xQ7"],
  ["PASSWORD=", "env.S3cr3t!9x"],
  ['password: "', "no-key@9fK2xQ7!pL"],
  ['"password": "', "not_a_secret.7hKq!2"],
])("a password that begins with a word for none is one: %s%s", (before, secret) => {
  assert.ok(hidden(`${before}${secret}"\n`, secret.slice(2, -1)));
});

describe("left alone", () => {
  test.each([
    `const tokenMatch = "[a-zA-Z0-9!#$%&\\'\\*\\+\\-\\.\\^_]+";`,
    "not_secret = notapassword",
    "not_secret = 'notapassword'",
    "PASSWORD=env.SECRET_2",
    "password: process.env.DB_PASSWORD2",
    "The default password for new users is changed at the first login.",
    'if (password.equals(other)) { return "ok2"; }',
    'DB_PASSWORD="$(cat /run/secrets/db_password)"',
    'DB_PASSWORD=$(op read "op://prod/db/password")',
    `raise ValueError("the password must contain a \\"special\\" character")`,
    "secret = hmac.new(key, msg, hashlib.sha256)\n",
    "Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==",
    "sec-websocket-key: 9TzLw4Bmq7Rk2vXn8HsYcg==",
    "Sec-WebSocket-Accept: HSmrc0sMlYUkAGmm5OPpG2HaGWk=",
    "The access token is sent in the authorization header, and the password is at least 8 characters.",
    "Authorization: Bearer <token>",
    "Authorization: Bearer $TOKEN",
    'curl -u "$USER:$PASSWORD" https://acme.test',
    "curl --user name:password https://acme.test",
    "docker run --user 1000:1000 acme",
    "password: changeme",
    'password = "$' + '{var.password}"',
    'password: "{{ .Values.password }}"',
    "const token = await getToken(request);",
    "token: string;",
    'apiKey: process.env["ACME_API_KEY"],',
    "this.accessToken = options.accessToken",
    'access_token_url = "https://acme.test/oauth/token"',
    'secretName: "billing-database-credentials"',
    "keyVaultName: acme-vault-2",
    "credentialsId: '5b1c7d52-3f0e-4a55-9d7e-2f9c1be0a7d4'",
    "primaryKey=customer_id_2024",
    "https://acme.test:8443/@scope/name",
    "git@acme.test:team/project.git",
    "postgres://user:password@localhost/app",
    "postgres://$USER:$" + "{PASSWORD}@localhost/app",
    "std::vector<int>::iterator token",
    'token_type = "bearer"',
    '"password": "string"',
    'i18n.password = "Enter your password"',
    Buffer.from(`-----BEGIN CERTIFICATE-----\n${token.repeat(3)}`).toString("base64"),
  ])("%s", (text) => {
    assert.deepEqual(matchesOf(rules, text), []);
    const masking = openMaskingOf(rules);
    const texts = [
      ...edgesBefore.map((edge) => edge + text),
      ...edgesBehind.map((edge) => text + edge),
    ];
    assert.deepEqual(
      texts.filter((one) => masking.mask(one).text !== one),
      [],
    );
  });
});

/** Whether five characters of the secret are left that stood in the text once. */
function leaves(left: string, text: string, secret: string): boolean {
  const length = Math.min(5, secret.length);
  for (let at = 0; at + length <= secret.length; at += 1) {
    const piece = secret.slice(at, at + length);
    if (left.includes(piece) && text.split(piece).length === 2) return true;
  }
  return false;
}

function hidden(text: string, secret: string): boolean {
  return matchesOf(rules, text).some(({ start, end }) => text.slice(start, end).includes(secret));
}
