/**
 * Captures how fast the page was for the person, as `web-vital` in the context of the loaded page:
 * each metric once per load, with the value at its first report.
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
