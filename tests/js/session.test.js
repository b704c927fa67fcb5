import { expect, test } from "bun:test";
import { openBrowser } from "./browser";

let copy = 0;
const openTab = () => import(`../../backstage_py/analytics/browser/session.js?${(copy += 1)}`);
const MINUTE = 60_000;

test("the tabs of a visit share its session", async () => {
  openBrowser();
  const [one, other] = [await openTab(), await openTab()];

  expect(one.sessionId(10 * MINUTE)).toBe(other.sessionId(20 * MINUTE));
});

test("a visit ends after 30 minutes without an event", async () => {
  openBrowser();
  const { sessionId } = await openTab();

  const first = sessionId(10 * MINUTE);
  const soon = sessionId(39 * MINUTE);
  const later = sessionId(70 * MINUTE);

  expect(soon).toBe(first);
  expect(later).not.toBe(first);
});

const signIn = (stay) => {
  document.cookie = stay ? `a=b; backstage_py_capture=${stay}.signed` : "a=b";
};

test("signing in, out and in again are visits of their own, and the first word is none", async () => {
  openBrowser();
  const { visit } = await openTab();

  const visits = [];
  for (const stay of [undefined, "0", "ann", "ann", "0", "bob"]) {
    signIn(stay);
    visits.push(visit(10 * MINUTE + visits.length));
    await null; // the cookie is read once a task
  }

  const ids = visits.map(({ sessionId }) => sessionId);
  expect(ids.map((id) => ids.indexOf(id))).toEqual([0, 0, 2, 2, 4, 5]);
  expect(visits.map(({ captureKey }) => captureKey)).toEqual([
    undefined,
    ...["0.signed", "ann.signed", "ann.signed", "0.signed", "bob.signed"],
  ]);
});

test("a visit goes on where the key is made again, or its cookie is gone", async () => {
  openBrowser();
  const { visit } = await openTab();
  signIn("ann");
  const first = visit(10 * MINUTE).sessionId;
  await null; // the cookie is read once a task
  document.cookie = "backstage_py_capture=ann.signed-again";
  const renewed = visit(11 * MINUTE);
  await null;
  signIn(undefined);
  const without = visit(12 * MINUTE);

  expect([renewed.sessionId, without.sessionId]).toEqual([first, first]);
  expect(renewed.captureKey).toBe("ann.signed-again");
});

test("blocked storage costs nothing but the memory of other tabs", async () => {
  openBrowser();
  globalThis.localStorage = {
    getItem: () => {
      throw new Error("blocked");
    },
    setItem: () => {
      throw new Error("blocked");
    },
  };
  const { sessionId } = await openTab();

  const first = sessionId(10 * MINUTE);

  expect(sessionId(12 * MINUTE)).toBe(first);
});
