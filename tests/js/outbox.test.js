import { afterEach, beforeEach, expect, jest, mock, test } from "bun:test";
import { sessionId } from "../../backstage_py/analytics/browser/session";
import { answers, openBrowser, RULES } from "./browser";
import { randomness } from "./randomness";

const OUR = "../../backstage_py/analytics/browser";

let browser;
let outbox;
let copy = 0;

beforeEach(async () => {
  browser = openBrowser();
  jest.useFakeTimers();
  const sender = await import(`${OUR}/sender.js?${(copy += 1)}`);
  mock.module(`${OUR}/sender`, () => sender);
  outbox = await import(`${OUR}/outbox.js?${copy}`);
  outbox.startOutbox(() => "http://portal/api/events", RULES);
  await import(`${OUR}/sender`);
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

test("events of one person are never sent with those of another", async () => {
  const requests = answers(200);
  const as = (stay) => {
    document.cookie = `backstage_py_capture=${stay}`;
  };

  as("ann.signed");
  outbox.add({ id: "1" });
  await null; // the cookie is read once a task
  as("0");
  outbox.add({ id: "2" });
  await pass(300);
  document.cookie = "";

  expect(requests.map(({ body }) => [body.captureKey, ids({ body })])).toEqual([
    ["ann.signed", ["1"]],
    ["0", ["2"]],
  ]);
});

test("an event that is held is sent when it is added again", async () => {
  const requests = answers(200);
  const its = { sessionId: "visit" };

  outbox.add({ id: "1", context: "guessed" }, its, true);
  outbox.add({ id: "2" }, { sessionId: "visit" });
  await pass(300);
  outbox.add({ id: "1", context: "known" }, its);
  await pass(300);

  expect(requests.map(({ body }) => body.events)).toEqual([
    [{ id: "2" }],
    [{ id: "1", context: "known" }],
  ]);
});

test("a page that comes back from the browser's cache goes on sending at once", async () => {
  const requests = answers(200);
  const answering = globalThis.fetch;
  globalThis.fetch = (_url, { signal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("frozen"))));
  outbox.add({ id: "1" });
  await pass(300);
  globalThis.fetch = answering;
  browser.page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  await settled();
  await pass(1);
  await pass(1);

  expect(requests.map(ids)).toEqual([["1"]]);
});

/** Who is signed in, what was captured and what was sent, after any sequence of steps. */
test("every event has the person and the visit of its capture, whatever happened since", async () => {
  const random = randomness(7);
  const expected = new Map();
  const received = new Map();
  let isOnline = true;
  let signIns = 0;
  let person = "0";
  let capture = 0;
  const collect = async (_url, { body }) => {
    if (!isOnline) throw new TypeError("Failed to fetch");
    const { events, sessionId: id, captureKey } = JSON.parse(body);
    for (const event of events) received.set(event.id, [captureKey.split(".").at(-1), id]);
    return Response.json({ accepted: 1, duplicates: 0, rejected: [] });
  };
  globalThis.fetch = collect;
  const sign = (name) => {
    person = name;
    signIns += 1;
    document.cookie = `backstage_py_capture=${name === "0" ? "0" : `${signIns}.${name}`}`;
  };
  const steps = [
    () => sign(["ann", "bob"][random(2)]),
    () => sign("0"),
    () => {
      outbox.add({ id: `${(capture += 1)}` });
      expected.set(`${capture}`, [person, signIns]);
    },
    () => (isOnline = !isOnline),
    () => pass(random(5_000)),
  ];
  sign("0");
  for (let step = 0; step < 400; step += 1) await steps[random(steps.length)]();
  isOnline = true;
  for (let wait = 0; wait < 10; wait += 1) await pass(60_000);
  document.cookie = "";

  expect(received.size).toBe(capture);
  const visits = new Map();
  for (const [id, [name, stay]] of expected) {
    expect(received.get(id)[0]).toBe(name);
    const visit = received.get(id)[1];
    if (name !== "0") expect(visits.get(visit) ?? stay).toBe(stay);
    expect(visits.get(visit) ?? name).toBe(name === "0" ? "0" : visits.get(visit) ?? name);
    visits.set(visit, name === "0" ? "0" : stay);
  }
});

test("what a hidden page has captured before it can send goes out as soon as it can", async () => {
  const requests = answers(200);
  const early = await import(`${OUR}/outbox.js?early`);
  document.hidden = true;
  early.startOutbox(() => "http://portal/api/events", RULES);
  early.add({ id: "early" });
  const before = requests.length;
  await import(`${OUR}/sender`);
  await settled();

  expect([before, ...requests.map(ids)]).toEqual([0, ["early"]]);
});

test("a sender that could not be loaded is loaded with the next event", async () => {
  const requests = answers(200);
  const sender = { ...(await import(`${OUR}/sender`)) }; // a mock is written into the module
  mock.module(`${OUR}/sender`, () => ({
    ...sender,
    startSending() {
      throw new Error("half loaded");
    },
  }));
  const unlucky = await import(`${OUR}/outbox.js?unlucky`);
  unlucky.startOutbox(() => "http://portal/api/events", RULES);
  unlucky.add({ id: "1" });
  await import(`${OUR}/sender`);
  await settled();
  mock.module(`${OUR}/sender`, () => sender);
  unlucky.add({ id: "2" });
  await import(`${OUR}/sender`);
  await settled();
  await pass(300);

  expect(requests.map(ids)).toEqual([["1", "2"]]);
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
