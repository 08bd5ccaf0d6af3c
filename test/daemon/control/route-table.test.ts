import { expect, test } from "vitest";
import { type RouteName, routes } from "../../../src/contract/routes.js";
import { matchRoute } from "../../../src/daemon/control/route-table.js";

test.each(Object.keys(routes) as RouteName[])("%s is found by its own method and path", (name) => {
  const { method, path } = routes[name];
  const filled = path.replace(/:\w+/g, "some%20thing");
  const match = matchRoute(method, filled);
  expect(match).toMatchObject({ name });
  const values = Object.values(typeof match === "object" ? match.params : {});
  expect(values).toEqual(path.match(/:\w+/g)?.map(() => "some thing") ?? []);
});

test("another method is told apart from another path", () => {
  expect(matchRoute("PUT", "/v1/daemon")).toBe("other-method");
  expect(matchRoute("GET", "/v1/daemons")).toBeUndefined();
  expect(matchRoute("GET", "/v1/daemon/")).toBeUndefined();
  expect(matchRoute("GET", "/v1/sessions//exchanges")).toBeUndefined();
  expect(matchRoute("GET", "/v1/sessions/%zz")).toBeUndefined();
});

test("no route that reads is asked for with a method that changes, nor the other way", () => {
  const reads = Object.values(routes).filter(({ method }) => method === "GET");
  expect(reads.some(({ path }) => /stop|unlock|rotate|test|end|revoke|lease/.test(path))).toBe(
    false,
  );
});
