import { afterEach, beforeEach, expect, jest, setSystemTime, test } from "bun:test";
import { sessionId } from "../../backstage_py/analytics/browser/session";
import { answers, openBrowser, RULES } from "./browser";

let browser;
let outbox;
let copy = 0;

beforeEach(async () => {
  browser = openBrowser();
  jest.useFakeTimers();
  outbox = await import(`../../backstage_py/analytics/browser/outbox.js?${(copy += 1)}`);
  outbox.startOutbox(() => "http://portal/api/events", RULES);
});

afterEach(() => jest.useRealTimers());

const settled = async () => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

const pass = async (milliseconds) => {
  jest.advanceTimersByTime(milliseconds);
  await settled();
};

const ids = (request) => request.body.events.map(({ id }) => id);

test("events of a moment go out together, with the session", async () => {
  const requests = answers(200);

  outbox.add({ id: "1" });
  outbox.add({ id: "2" });
  await pass(300);

  expect(requests.map(({ body }) => body)).toEqual([
    { events: [{ id: "1" }, { id: "2" }], sessionId: sessionId(), sentAt: expect.any(String) },
  ]);
});

test("what failed is sent again with the same ids, before what came later", async () => {
  const requests = answers("offline", 503, 200);

  outbox.add({ id: "1" });
  await pass(300);
  outbox.add({ id: "2" });
  await pass(1_000);
  await pass(60_000);

  expect(requests.map(ids)).toEqual([["1"], ["1", "2"], ["1", "2"]]);
});

test("Retry-After is waited for", async () => {
  const requests = answers([429, { "Retry-After": "30" }], 200);

  outbox.add({ id: "1" });
  await pass(300);
  await pass(29_000);
  const early = requests.length;
  await pass(2_000);

  expect([early, requests.length]).toEqual([1, 2]);
});

test("what is refused for good is not sent again", async () => {
  const requests = answers(422, 200);
  const warn = jest.spyOn(console, "warn").mockImplementation(() => {});

  outbox.add({ id: "bad" });
  await pass(300);
  outbox.add({ id: "good" });
  await pass(60_000);

  expect(requests.map(ids)).toEqual([["bad"], ["good"]]);
  expect(warn).toHaveBeenCalledTimes(1);
  warn.mockRestore();
});

test("a batch that is too large goes in halves, and none is lost", async () => {
  const requests = answers(413, 200);

  for (const id of ["1", "2", "3"]) outbox.add({ id });
  await pass(300);

  expect(requests.map(ids)).toEqual([["1", "2", "3"], ["1", "2"], ["3"]]);
});

test("leaving the page sends what waits at once, in a request that outlives it", async () => {
  const requests = answers(200);

  outbox.add({ id: "last words" });
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  await settled();

  expect(requests.map(ids)).toEqual([["last words"]]);
  expect(requests[0].options.keepalive).toBe(true);
});

test("coming online sends what waits without another event", async () => {
  const requests = answers("offline", 200);

  outbox.add({ id: "1" });
  await pass(300);
  browser.page.dispatchEvent(new Event("online"));
  await pass(1);

  expect(requests.map(ids)).toEqual([["1"], ["1"]]);
});

test("a batch stays below what keepalive can carry", async () => {
  const requests = answers(200);

  for (let index = 0; index < 40; index += 1) outbox.add({ id: `${index}`, text: "x".repeat(4_000) });
  await pass(300);
  await pass(1);
  await pass(1);

  expect(requests.flatMap(ids)).toHaveLength(40);
  expect(Math.max(...requests.map(({ options }) => options.body.length))).toBeLessThan(65_536);
});
