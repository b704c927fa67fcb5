/** The app of the recorded runs: three pages behind a sign-in page, out of our own components. */
import { createElement, render } from "react";
import { AnalyticsExtension, useAnalytics } from "../../backstage_py/analytics/browser/context";
import { NavigationTracker } from "../../backstage_py/analytics/browser/navigation";
import { captureSignOut, SignInCapture } from "../../backstage_py/analytics/browser/sign_in";
import { pages } from "./sign_in_pages";

let tracker;

function Content() {
  tracker = useAnalytics();
  return null;
}

const page = (extension) =>
  createElement(AnalyticsExtension, extension, createElement(Content, {}));

/** The page at an address, as it is before and after somebody has signed in. */
function show(path, user) {
  globalThis.place ??= new URL(path, "http://portal");
  const shown = user ? (pages[globalThis.place.pathname] ?? []).map(page) : [];
  render(createElement(NavigationTracker, {}, createElement(SignInCapture, { user }), ...shown));
}

globalThis.app = { show, captureSignOut, capture: (...event) => tracker.captureEvent(...event) };
