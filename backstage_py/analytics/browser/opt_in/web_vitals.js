/**
 * How fast the page was for the person, as events `web-vital` in the context of the page that was
 * loaded: each metric once a load, as far as it is known when it is reported first.
 */
import { onCLS, onINP, onLCP, onTTFB } from "web-vitals";
import { landing } from "./place";
import { createTracker } from "./tracker";

const seen = new Set();

function capture({ id, name, value, rating, navigationType }) {
  if (seen.has(id)) return;
  seen.add(id);
  createTracker(landing()).captureEvent("web-vital", name, {
    value: Math.round(value * 10_000) / 10_000,
    attributes: { rating, navigationType },
  });
}

for (const on of [onCLS, onINP, onLCP, onTTFB]) on(capture);
