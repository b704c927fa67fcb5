/** Segment with its defaults: one request for each event. */
import { AnalyticsBrowser } from "@segment/analytics-next";
import { FIRST_EVENT } from "./first_event.js";

const apiHost = `${location.host}${new URL("v1", location.href).pathname}`;

AnalyticsBrowser.load({
  writeKey: "benchmark",
  cdnSettings: {
    integrations: { "Segment.io": { apiKey: "benchmark", apiHost, protocol: "http" } },
  },
}).then(([analytics]) => {
  globalThis.capture = (action, subject, attributes) =>
    analytics.track(action, { subject, ...attributes });
  capture(...FIRST_EVENT);
});
