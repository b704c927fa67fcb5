import { beforeEach, expect, jest, mock, test } from "bun:test";
import { openBrowser, RULES } from "./browser";
import { randomness } from "./randomness";

mock.module("$/env.json", () => ({ default: { ANALYTICS: { appVersion: "2.4.0" } } }));
const added = [];
const held = [];
mock.module("../../backstage_py/analytics/browser/destinations", () => ({
  add: (event, visit, isHeld) => {
    if (event.action === "broken") throw new Error("the outbox is broken");
    if (isHeld) held.push({ event, visit });
    else added.push(event);
  },
}));

const { page } = openBrowser();
const { createTracker, ignorePages, mergeContexts } = await import(
  "../../backstage_py/analytics/browser/tracker.js?own"
);

const { DEFAULT_CONTEXT } = await import("../../backstage_py/analytics/browser/dialect");
const { startConsent } = await import("../../backstage_py/analytics/browser/consent");

const gathering = createTracker({ ...DEFAULT_CONTEXT, _routeNodeType: "gathered" });
const hold = (subject) => gathering.captureEvent("navigate", subject, { attributes: {} });

beforeEach(() => {
  startConsent(RULES, () => {});
  page.dispatchEvent(new Event("beforeunload"));
  added.length = held.length = 0;
});

const captured = () => added.map(({ id, timestamp, ...event }) => event);

test("an absent value or attributes is absent, a falsy one is there", () => {
  const tracker = createTracker(DEFAULT_CONTEXT);

  tracker.captureEvent("deploy", "ledger");
  tracker.captureEvent("deploy", "ledger", { value: 0, attributes: {} });
  tracker.captureEvent("deploy", "ledger", { value: null, attributes: { to: null } });

  const bare = { action: "deploy", subject: "ledger", context: { ...DEFAULT_CONTEXT }, appVersion: "2.4.0" };
  expect(captured()).toEqual([bare, { ...bare, value: 0, attributes: {} }, { ...bare, attributes: {} }]);
});

test("internal keys of the context never leave", () => {
  createTracker({ pluginId: "docs", _depth: 3 }).captureEvent("read", "page");

  expect(captured()[0].context).toEqual({ pluginId: "docs" });
});

test("a failure to capture is a warning, not an error of the page", () => {
  const warn = jest.spyOn(console, "warn").mockImplementation(() => {});

  createTracker(DEFAULT_CONTEXT).captureEvent("broken", "x");

  expect(warn).toHaveBeenCalledTimes(1);
  warn.mockRestore();
});

test("a held navigate goes out before the next event, as the extension rendered last", () => {
  const page = createTracker({ ...DEFAULT_CONTEXT, pluginId: "catalog" });
  const tab = createTracker({ ...DEFAULT_CONTEXT, pluginId: "ci", extension: "Builds" });

  hold("/ci");
  page.routableExtensionRendered();
  tab.routableExtensionRendered();
  page.captureEvent("star", "ledger");

  expect(captured().map(({ action, context }) => [action, context.pluginId, context.extension])).toEqual([
    ["navigate", "ci", "App"],
    ["star", "catalog", "App"],
  ]);
});

test("a held navigate goes out when the page is left, and only once", () => {
  hold("/ci");

  page.dispatchEvent(new Event("beforeunload"));
  page.dispatchEvent(new Event("pagehide"));

  expect(captured().map(({ subject }) => subject)).toEqual(["/ci"]);
});

test("a held navigate keeps the id, the time and the visit of the navigation", () => {
  const released = [];
  hold("/ci");
  const [{ event, visit }] = held;
  document.cookie = "backstage_py_capture=another.person";
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  document.hidden = false;
  document.cookie = "";
  released.push(...added);

  expect(released.map(({ id, timestamp }) => [id, timestamp])).toEqual([[event.id, event.timestamp]]);
  expect(visit.captureKey).toBe(undefined);
});

test("nothing is captured of a page that nobody sees yet, until somebody does", () => {
  document.prerendering = true;
  const tracker = createTracker(DEFAULT_CONTEXT);
  tracker.captureEvent("navigate", "/");
  tracker.captureEvent("not-found", "/");
  const before = added.length;
  delete document.prerendering;
  document.dispatchEvent(new Event("prerenderingchange"));

  expect(before).toBe(0);
  expect(captured().map(({ action }) => action)).toEqual(["navigate", "not-found"]);
});

test("a broken value costs only itself, and a long one its end", () => {
  const circle = {};
  circle.circle = circle;
  const attributes = { circle, big: 1n, list: ["a"], long: "x".repeat(10_000), fine: false };

  createTracker(DEFAULT_CONTEXT).captureEvent("deploy", "x".repeat(10_000), { attributes });

  const [{ subject, attributes: sent }] = captured();
  expect([subject.length, sent.long.length]).toEqual([8_192, 8_192]);
  expect(sent).toMatchObject({ circle: [], big: [], list: [], fine: false });
});

test("only a navigate of a route that gathers is held", () => {
  createTracker(DEFAULT_CONTEXT).captureEvent("navigate", "/about");
  gathering.captureEvent("look", "around");

  expect(captured().map(({ subject }) => subject)).toEqual(["/about", "around"]);
});

test("an extension rendered before a navigate was held does not count for it", () => {
  createTracker({ pluginId: "ci" }).routableExtensionRendered();
  hold("/ci");
  createTracker(DEFAULT_CONTEXT).captureEvent("star", "ledger");

  expect(captured()[0].context).toEqual({ ...DEFAULT_CONTEXT });
});

test("contexts merge so that the innermost that has a key decides it", () => {
  const random = randomness(3);
  const keys = ["pluginId", "extension", "routeRef", "a", "b", "_internal"];
  for (let round = 0; round < 300; round += 1) {
    const layers = Array.from({ length: random(6) }, () =>
      Object.fromEntries(keys.filter(() => random(2)).map((key) => [key, random(100)])),
    );

    const merged = layers.reduce(mergeContexts, DEFAULT_CONTEXT);

    for (const key of keys) {
      const innermost = layers.findLast((layer) => key in layer) ?? DEFAULT_CONTEXT;
      expect(merged[key]).toBe(innermost[key]);
    }
  }
});

test("nothing is captured of people who opted out, and handlers in Python are told so", () => {
  const tracker = createTracker(DEFAULT_CONTEXT);
  const told = tracker.forServer();
  startConsent({ ...RULES, unasked: "off" }, () => {});

  tracker.captureEvent("deploy", "ledger");
  hold("/ci");
  const toldThen = tracker.forServer();
  startConsent(RULES, () => {});
  tracker.captureEvent("deploy", "wanted");

  expect(captured().map(({ subject }) => subject)).toEqual(["wanted"]);
  expect(told).toEqual({ context: DEFAULT_CONTEXT, sessionId: expect.any(String), choice: "on" });
  expect(toldThen).toBe(false);
});

test("nothing is recorded of the pages of the dashboard", () => {
  const tracker = createTracker(DEFAULT_CONTEXT);
  const at = (pathname) => {
    page.location = { pathname };
    tracker.captureEvent("click", pathname);
  };

  ignorePages("/insights/");
  ["/insights", "/insights/live", "/insights-of-ours", "/"].forEach(at);
  ignorePages(undefined);
  at("/insights");
  delete page.location;

  expect(captured().map((event) => event.subject)).toEqual(["/insights-of-ours", "/", "/insights"]);
});
