import { expect, test } from "vitest";
import {
  identityOf,
  isIncomplete,
  wantsUserinfo,
} from "../../../src/daemon/oauth/claimed-identity.js";

const of = (claims: object, groupsClaim = "groups", userinfo?: object) =>
  identityOf({
    issuer: "https://id.example.com",
    profile: "work",
    groupsClaim,
    claims: { sub: "u1", ...claims },
    ...(userinfo && { userinfo: { sub: "u1", ...userinfo } }),
  });

test.each([
  ["a list", { groups: ["a", "b", "a"] }, "groups", ["a", "b"]],
  ["one text", { groups: "a" }, "groups", ["a"]],
  ["none", {}, "groups", []],
  ["a path", { realm: { access: { roles: ["x"] } } }, "realm.access.roles", ["x"]],
  ["a name with dots", { "https://example.com/teams": ["t"] }, "https://example.com/teams", ["t"]],
  ["a path into nothing", { realm: null }, "realm.access.roles", []],
  ["a path into a text", { realm: "x" }, "realm.length", []],
  ["what is inherited", {}, "constructor.name", []],
  ["not texts", { groups: [1, null, { a: 1 }, "", "ok"] }, "groups", ["ok"]],
  ["one far too long", { groups: ["x".repeat(300), "ok"] }, "groups", ["ok"]],
  ["a number", { groups: 7 }, "groups", []],
])("groups: %s", (_, claims, path, groups) => {
  expect(of(claims, path).identity.groups).toEqual(groups);
});

test("the userinfo endpoint fills what the ID token leaves open, and decides where it is named", () => {
  expect(of({}, "groups", { groups: ["a"], email: "u@x" }).identity).toMatchObject({
    email: "u@x",
    groups: ["a"],
  });
  expect(of({ groups: ["token"] }, "groups", { groups: ["info"] }).identity.groups).toEqual([
    "token",
  ]);
  expect(of({ groups: ["token"] }, "userinfo", { groups: ["info"] }).identity.groups).toEqual([
    "info",
  ]);
  expect(of({}, "userinfo:a.b", { a: { b: ["deep"] } }).identity.groups).toEqual(["deep"]);
  expect(of({ groups: ["token"] }, "userinfo", {}).identity.groups).toEqual([]);
});

test("a name for people, from what there is", () => {
  expect(of({ name: "Ada" }).name).toBe("Ada");
  expect(of({ preferred_username: "ada" }).name).toBe("ada");
  expect(of({ name: 7 }).name).toBeNull();
  expect(of({ email: "x".repeat(300) }).identity.email).toBeNull();
});

test("when the userinfo endpoint is asked", () => {
  expect(wantsUserinfo("userinfo")).toBe(true);
  expect(wantsUserinfo("userinfo:roles")).toBe(true);
  expect(wantsUserinfo("groups")).toBe(false);
  expect(isIncomplete({ sub: "u", email: "u@x", groups: [] }, "groups")).toBe(false);
  expect(isIncomplete({ sub: "u", email: "u@x" }, "groups")).toBe(true);
});
