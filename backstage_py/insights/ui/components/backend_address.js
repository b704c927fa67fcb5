/** The address of a path of the backend, which may have a host or a port of its own. */
import env from "$/env.json";
import { getBackendURL } from "$/utils/state";

export function backendAddress(path) {
  const url = new URL(path, getBackendURL(env.PING));
  return typeof window !== "undefined" && url.origin === window.location.origin ? path : url.href;
}
