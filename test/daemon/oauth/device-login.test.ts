import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { DeviceCode } from "../../../src/daemon/oauth/device-login.js";
import { type IdentityProvider, startIdentityProvider } from "../../support/identity-provider.js";
import { openRoom, type Room } from "./room.js";

let idp: IdentityProvider;
let room: Room;
const never = new AbortController().signal;

beforeAll(async () => {
  idp = await startIdentityProvider();
});
afterAll(() => idp.close());
beforeEach(() => {
  room = openRoom();
});
afterEach(() => room.remove());

const begin = () =>
  room.oauth.signIn({
    given: { issuer: idp.issuer, clientId: idp.clientId },
    way: { kind: "device" },
  });

test("a code is shown, and who approves it is logged in, e-mail and groups included", async () => {
  const begun = await begin();
  const code = begun.show as DeviceCode;
  expect(code.userCode).toMatch(/^[A-Z-]{8,}$/);
  expect(code.verificationUri).toBe(`${idp.issuer}/device`);
  expect(code.verificationUriComplete).toBe(`${idp.issuer}/device?user_code=${code.userCode}`);
  expect(code.expiresIn).toBe(600);
  await idp.approve(code.userCode);
  const login = await begun.finish(never);
  expect(login.claimed).toEqual({
    identity: {
      issuer: idp.issuer,
      subject: "ada",
      email: "ada@example.com",
      groups: ["engineering", "leads"],
      profile: "default",
    },
    name: "Ada Lovelace",
  });
  expect([...room.keychain.texts.keys()]).toEqual(["login.default"]);
});
