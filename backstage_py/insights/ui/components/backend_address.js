/** The address of a path of the backend, which may have a host or a port of its own. */
import env from "$/env.json";
import { getBackendURL } from "$/utils/state";

/** The same with its origin, to be sent to others; empty for no path. */
export function absoluteAddress(path) {
  return path ? new URL(path, getBackendURL(env.PING)).href : "";
}

export function backendAddress(path) {
  const url = new URL(path, getBackendURL(env.PING));
  return typeof window !== "undefined" && url.origin === window.location.origin ? path : url.href;
}
