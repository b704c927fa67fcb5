/** The address and the title that a tag sends with each event. */
import { beforeEach, expect, test } from "bun:test";

import { withPages } from "../../backstage_py/analytics/browser/page";

const view = (subject) => ({ action: "navigate", subject });
const click = (subject) => ({ action: "click", subject });

let titleChanged;
let got;
let capture;

beforeEach(() => {
  globalThis.window = { location: { origin: "https://portal.example.com", pathname: "/start" } };
  globalThis.document = { title: "Start", head: {} };
  globalThis.MutationObserver = class {
    constructor(changed) {
      titleChanged = changed;
    }
    observe() {}
    disconnect() {}
  };
  got = [];
  capture = withPages((event, page) => got.push([event.subject, page.path, page.title]));
});

function setTitle(title) {
  document.title = title;
  titleChanged?.();
}

test("what comes before the first navigate has the page's own path", () => {
  capture(click("Docs"));

  expect(got).toEqual([["Docs", "/start", "Start"]]);
});

test("a page view waits for its title, and what follows waits behind it", () => {
  capture(view("/start"));
  capture(view("/docs?q=***"));
  capture(click("Open"));
  expect(got).toHaveLength(1);

  setTitle("Docs");

  expect(got).toEqual([
    ["/start", "/start", "Start"],
    ["/docs?q=***", "/docs?q=***", "Docs"],
    ["Open", "/docs?q=***", "Docs"],
  ]);
});

test("a page that has its title already does not wait", () => {
  capture(view("/start"));
  document.title = "Docs";

  capture(view("/docs"));

  expect(got.at(-1)).toEqual(["/docs", "/docs", "Docs"]);
});

test("a page without a title of its own waits for half a second at most", async () => {
  capture(view("/start"));
  capture(view("/docs"));

  await Bun.sleep(550);

  expect(got.at(-1)).toEqual(["/docs", "/docs", "Start"]);
});

test("what waits is sent when the page is left", () => {
  let leave;
  window.addEventListener = (name, handler) => {
    if (name === "pagehide") leave = handler;
  };
  capture = withPages((event, page) => got.push([event.subject, page.path, page.title]));
  capture(view("/start"));
  capture(view("/docs"));

  leave();

  expect(got.at(-1)).toEqual(["/docs", "/docs", "Start"]);
});
