/** What keeps keys and knows people is found by its beginnings or beside its name. */
import { expect, test } from "vitest";
import { identityRulesA } from "../../../../src/daemon/masking/rules/identity-a.js";
import { invented } from "../../../support/invented.js";
import { matchesOf } from "../../../support/rule-matches.js";

const { hex, lower, mixed, upper } = invented;

test.each([
  [
    "1password-secret-key",
    `A${"3-"}${upper(6)}-${upper(11)}-${upper(5)}-${upper(5)}-${upper(5)}`,
    `A${"3-"}${upper(6)}-${upper(11)}-${upper(5)}-${upper(5)}-${upper(5)}`,
  ],
  [
    "1password-token",
    `OP_SERVICE_ACCOUNT_TOKEN=ops${"_eyJ"}${mixed(400)}`,
    `ops${"_eyJ"}${mixed(400)}`,
  ],
  ["age-secret-key", `AGE-SECRET-${"KEY-1"}${upper(58)}`, `AGE-SECRET-${"KEY-1"}${upper(58)}`],
  ["auth0-client-secret", `AUTH0_CLIENT_SECRET="${mixed(64)}"`, mixed(64)],
  ["auth0-client-id", `AUTH0_CLIENT_ID=${mixed(32)}`, mixed(32)],
  [
    "authress-key",
    `sc_${lower(10)}.${lower(4)}.acc_${lower(12)}.${mixed(50)}`,
    `sc_${lower(10)}.${lower(4)}.acc_${lower(12)}.${mixed(50)}`,
  ],
  ["clerk-key", `wh${"sec_"}${mixed(32)}`, `wh${"sec_"}${mixed(32)}`],
  [
    "django-secret-key",
    `SECRET_KEY = "django-${"insecure-"}${mixed(50)}"`,
    `django-${"insecure-"}${mixed(50)}`,
  ],
  ["django-secret-key", `SECRET_KEY = "${lower(48)}&!"`, `${lower(48)}&!`],
  ...["pt", "ct", "sa", "scim", "audit", "st.dev"].map((kind) => [
    "doppler-token",
    `dp.${kind}.${mixed(43)}`,
    `dp.${kind}.${mixed(43)}`,
  ]),
  [
    "django-secret-key",
    `# SECURITY WARNING: keep the secret key used in production secret!\nSECRET_KEY = "b1rd{h0use"`,
    "b1rd{h0use",
  ],
  ["ghost-key", `GHOST_ADMIN_API_KEY=${hex(24)}:${hex(64)}`, `${hex(24)}:${hex(64)}`],
])("%s: %s", (detector, text, secret) => {
  const found = matchesOf(identityRulesA, text);

  expect(found.map((finding) => finding.detector)).toContain(detector);
  expect(found.map(({ start, end }) => text.slice(start, end))).toContain(secret);
});

test.each([
  "A3-XXXXXX-XXXXXXXXXXX-XXXXX-XXXXX-XXXXX",
  "ops_eyJzaWduSW5BZGRyZXNzIjoiaHR0cHM6...",
  "auth0: log in with a tenant of yours",
  "dp.pt.short",
  `SECRET_KEY = os.environ["SECRET_KEY"]`,
])("is none: %s", (text) => {
  expect(matchesOf(identityRulesA, text)).toEqual([]);
});
