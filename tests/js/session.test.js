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
