import { beforeEach, expect, mock, test } from "bun:test";
import { openBrowser } from "./browser";

const MEASURES = "../../backstage_py/analytics/browser/opt_in";
const HERE = { pluginId: "shop", routeRef: "/order", extension: "App" };
const captured = [];
const { page } = openBrowser();
mock.module(`${MEASURES}/place`, () => ({ here: () => HERE, landing: () => HERE }));
mock.module(`${MEASURES}/tracker`, () => ({
  createTracker: (context) => ({
    captureEvent: (action, subject, details) => captured.push({ action, subject, context, ...details }),
  }),
}));
const observed = [];
const on = (report) => observed.push(report);
mock.module("web-vitals", () => ({ onCLS: on, onINP: on, onLCP: on, onTTFB: on }));

const { sanitized } = await import(`${MEASURES}/errors.js`);
await import(`${MEASURES}/web_vitals.js`);

const fail = (error) => page.dispatchEvent(Object.assign(new Event("error"), { error }));

beforeEach(() => (captured.length = 0));

test("an uncaught error is an event of the page that one is on", () => {
  const error = new TypeError("x is undefined");
  error.stack = "TypeError: x is undefined\n    at OrderPage (http://shop/assets/order-abc.js?v=1:3:17)";

  fail(error);
  fail(error); // once a load

  const attributes = { kind: "uncaught", component: "OrderPage", source: "order-abc.js:3:17" };
  expect(captured).toEqual([
    { action: "error", subject: "TypeError: x is undefined", context: HERE, attributes },
  ]);
});

test("what may be personal is left out", () => {
  expect(sanitized("no 'Ann' at https://x/y?z for ann@x.org, order 12345, key ab12cd\nmore")).toBe(
    "no <text> at <address> for <mail> order <value>, key <value>",
  );
});

test("a script of another origin and a failed image are no errors of ours", () => {
  fail(null);
  page.dispatchEvent(new Event("error"));

  expect(captured).toEqual([]);
});

test("there are ten errors a load at most, of any kind", () => {
  for (let count = 0; count < 20; count++) {
    const reason = new RangeError("x".repeat(count + 1));
    page.dispatchEvent(Object.assign(new Event("unhandledrejection"), { reason }));
  }

  expect(captured.length).toBe(9); // the first test's was one
  expect(captured[0].attributes.kind).toBe("rejection");
});

test("each metric is an event of the page that was loaded, once", () => {
  const metric = { id: "v5-1", name: "LCP", value: 1234.56789, rating: "good", navigationType: "reload" };

  observed.forEach((report) => report(metric));

  const attributes = { rating: "good", navigationType: "reload" };
  expect(observed.length).toBe(4);
  expect(captured).toEqual([
    { action: "web-vital", subject: "LCP", context: HERE, value: 1234.5679, attributes },
  ]);
});
