import { afterEach, beforeEach, expect, jest, mock, test } from "bun:test";
import { answers, openBrowser, RULES } from "./browser";

mock.module("$/env.json", () => ({ default: { ANALYTICS: { endpoint: "/api/events", privacy: RULES, addresses: { parameters: [] } }, PING: "" } }));
mock.module("$/utils/state", () => ({ getBackendURL: () => "http://portal/ping" }));
mock.module("react", () => ({
  createContext: () => ({}),
  createElement: () => null,
  useContext: () => null,
  useEffect: () => {},
  useMemo: () => null,
  useRef: () => ({}),
  useSyncExternalStore: (_subscribe, snapshot) => snapshot(),
}));

openBrowser();
const browser = "../../backstage_py/analytics/browser";
const consent = await import(`${browser}/consent`);
const { sessionId } = await import(`${browser}/session`);
const { choose, useConsent } = await import(`${browser}/choice`);

let changes;

const start = (rules = RULES) => {
  changes = 0;
  consent.startConsent(rules, () => (changes += 1));
  return consent.isOn;
};

beforeEach(() => {
  openBrowser();
  start();
});

afterEach(() => {
  delete navigator.globalPrivacyControl;
  delete navigator.doNotTrack;
});

const signal = (name, value) => Object.defineProperty(navigator, name, { value, configurable: true });

test("either signal switches capturing off, and any other value does not", () => {
  const verdicts = [
    ["globalPrivacyControl", true],
    ["doNotTrack", "1"],
    ["globalPrivacyControl", false],
    ["doNotTrack", "0"],
    ["doNotTrack", "unspecified"],
    ["doNotTrack", null],
  ].map(([name, value]) => {
    signal(name, value);
    const isOn = start();
    delete navigator[name];
    return isOn;
  });

  expect(verdicts).toEqual([false, false, true, true, true, true]);
});

test("a signal that the owner ignores is none", () => {
  signal("doNotTrack", "1");

  expect(start({ ...RULES, signals: ["globalPrivacyControl"] })).toBe(true);
});

test("what a person has chosen is kept for the next page, and told to the server", async () => {
  const requests = answers(200);

  expect(await choose(false)).toBe(true);
  const [off, cookie] = [start(), document.cookie];
  await choose(true);

  expect([off, start()]).toEqual([false, true]);
  expect(cookie).toStartWith("backstage_py_choice=off; Path=/; Max-Age=31536000");
  expect(requests.map(({ url, body }) => [url.href, body])).toEqual([
    ["http://portal/api/events/choice", { choice: "off" }],
    ["http://portal/api/events/choice", { choice: "on" }],
  ]);
});

test("a yes in the face of the signal counts, one that was said before it came does not", async () => {
  answers(200);
  await choose(true);
  signal("globalPrivacyControl", true);
  const before = start();

  await choose(true);

  expect([before, start()]).toEqual([false, true]);
  expect(useConsent()).toMatchObject({ isOn: true, hasSignal: true, choice: "regardless" });
});

test("where the owner asks nothing is captured before the answer", async () => {
  answers(200);
  const asking = { ...RULES, unasked: "off" };

  const before = [start(asking), useConsent().isAsked];
  await choose(true);

  expect(before).toEqual([false, true]);
  expect([start(asking), useConsent().isAsked]).toEqual([true, false]);
});

test("who signals is not asked on top of it", () => {
  signal("globalPrivacyControl", true);
  start({ ...RULES, unasked: "off" });

  expect(useConsent().isAsked).toBe(false);
});

test("a choice holds in this browser while the server is away", async () => {
  answers("offline");

  expect(await choose(false)).toBe(false);
  expect(consent.isOn).toBe(false);
});

test("what another tab chooses is heard", async () => {
  localStorage.setItem("backstage_py.choice", '"off"');
  window.dispatchEvent(new Event("storage"));

  expect([consent.isOn, changes]).toEqual([false, 2]);
});

test("who is not recorded has no queue and no session, and begins a new one later", async () => {
  const deleted = [];
  globalThis.indexedDB = { deleteDatabase: (name) => deleted.push(name) };
  const outbox = await import(`${browser}/outbox.js?consent`);
  const requests = answers(200);
  jest.useFakeTimers();
  outbox.startOutbox(() => "http://portal/api/events", RULES);
  await import(`${browser}/sender`);
  const first = sessionId();
  outbox.add({ id: "1" });

  await choose(false);
  jest.advanceTimersByTime(5_000);
  const kept = localStorage.getItem("backstage_py.session");
  await choose(true);

  expect(deleted).toEqual(["backstage_py:http://portal/api/events"]);
  expect(requests.filter(({ body }) => body.events)).toEqual([]);
  expect(kept).not.toContain(first);
  expect(sessionId()).not.toBe(first);
  jest.useRealTimers();
  delete globalThis.indexedDB;
});

test("a server that takes nothing of this person ends the capturing", async () => {
  const outbox = await import(`${browser}/outbox.js?declined`);
  const warn = jest.spyOn(console, "warn").mockImplementation(() => {});
  globalThis.fetch = async () =>
    Response.json({ accepted: 0, duplicates: 0, rejected: [{ id: "1", reason: "user" }], declined: true });
  jest.useFakeTimers();
  outbox.startOutbox(() => "http://portal/api/events", RULES);
  await import(`${browser}/sender`);

  outbox.add({ id: "1" });
  jest.advanceTimersByTime(300);
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();

  expect(consent.isOn).toBe(false);
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
  jest.useRealTimers();
});
