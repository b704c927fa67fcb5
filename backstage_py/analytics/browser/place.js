/** Finds the plugin of a path in the table of routes; remembers the current page. */
import { matchRoutes } from "react-router";
import { DEFAULT_CONTEXT } from "./dialect";
import { routes } from "./routes";

/** A route also matches the paths below it, unless it is the root or `exact`. */
const matchable = routes.flatMap((route) =>
  route.exact || route.path === "/"
    ? [route]
    : [route, { ...route, path: `${route.path}/*` }],
);

const UNKNOWN = { context: {}, params: {} };
const visited = {};

export function describe(pathname) {
  const match = matchRoutes(matchable, pathname)?.at(-1);
  if (!match?.route.context) return UNKNOWN;
  const { "*": rest, ...params } = match.params;
  if (match.route.rest && rest) params[match.route.rest] = rest;
  return { context: match.route.context, params };
}

/** Remember the context of the page that was navigated to. */
export function arrive(context) {
  visited.first ??= context;
  visited.last = context;
}

/** The contexts of the current page and of the one that was loaded first. */
export const here = () => visited.last ?? DEFAULT_CONTEXT;
export const landing = () => visited.first ?? DEFAULT_CONTEXT;
