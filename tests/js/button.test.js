import { expect, jest, test } from "bun:test";
import { captureButton } from "../../backstage_py/analytics/browser/button";

const button = (fields) => ({
  closest: () => null,
  getAttribute: () => null,
  textContent: "",
  title: "",
  ...fields,
});

function subjectsOf(...buttons) {
  const captureEvent = jest.fn();
  buttons.forEach((currentTarget) => captureButton({ captureEvent })({ currentTarget }));
  return captureEvent.mock.calls.map(([, subject]) => subject);
}

test("a button says its name, its text, or else its title", () => {
  const labelled = button({ getAttribute: () => "Close", textContent: "x" });
  const titled = button({ title: "Delete" });

  expect(subjectsOf(labelled, button({ textContent: " Save " }), titled)).toEqual([
    ...["Close", "Save", "Delete"],
  ]);
});

test("of a button in a link the link captures the click", () => {
  expect(subjectsOf(button({ closest: () => ({}), textContent: "Go there" }))).toEqual([]);
});
