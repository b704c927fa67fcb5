/** A browser of the few things that the runtime touches, with a clock that tests move. */
import { jest } from "bun:test";

export function openBrowser() {
  const page = new EventTarget();
  globalThis.window = page;
  globalThis.document = Object.assign(new EventTarget(), { hidden: false, cookie: "", querySelector: () => null });
  const stored = new Map();
  globalThis.localStorage = {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => stored.set(key, value),
    removeItem: (key) => stored.delete(key),
  };
  return { page, stored };
}

/** Everybody is recorded who does not say otherwise. */
export const RULES = { signals: ["globalPrivacyControl", "doNotTrack"], unasked: "on" };

export function answers(...statuses) {
  const requests = [];
  globalThis.fetch = jest.fn(async (url, options) => {
    const status = statuses.length > 1 ? statuses.shift() : statuses[0];
    requests.push({ url, options, body: JSON.parse(options.body), status });
    if (status === "offline") throw new TypeError("Failed to fetch");
    const [code, headers = {}] = [].concat(status);
    const content = JSON.stringify({ accepted: 0, duplicates: 0, rejected: [] });
    return new Response(content, { status: code, headers });
  });
  return requests;
}
