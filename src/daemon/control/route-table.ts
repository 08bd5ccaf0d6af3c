/**
 * Route table: finds the route of a method and path in the contract's list.
 * Literal segments come before parameters, and a path that exists with another
 * method is told apart from one that does not.
 */
import { type RouteName, routes } from "../../contract/routes.js";

export interface RouteMatch {
  readonly name: RouteName;
  readonly params: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly name: RouteName;
  readonly method: string;
  readonly segments: readonly string[];
}

const patterns: readonly Pattern[] = (Object.keys(routes) as RouteName[])
  .map((name) => ({
    name,
    method: routes[name].method,
    segments: routes[name].path.split("/").slice(1),
  }))
  .sort((one, other) => parameters(one) - parameters(other));

/** The route, `other-method` where only the path exists, or undefined. */
export function matchRoute(method: string, path: string): RouteMatch | "other-method" | undefined {
  const segments = path.split("/").slice(1);
  let pathExists = false;
  for (const pattern of patterns) {
    const params = paramsOf(pattern.segments, segments);
    if (params === undefined) continue;
    if (pattern.method === method) return { name: pattern.name, params };
    pathExists = true;
  }
  return pathExists ? "other-method" : undefined;
}

function paramsOf(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? "";
    if (!part.startsWith(":")) {
      if (part !== segment) return undefined;
      continue;
    }
    const value = decoded(segment);
    if (value === undefined || value === "") return undefined;
    params[part.slice(1)] = value;
  }
  return params;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Half an escape: no name of ours is written so.
    return undefined;
  }
}

function parameters(pattern: Pattern): number {
  return pattern.segments.filter((segment) => segment.startsWith(":")).length;
}
