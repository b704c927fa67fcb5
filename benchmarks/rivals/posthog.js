/**
 * PostHog with its defaults.
 *
 * Two filters are off that would throw most events away, so that it does the whole
 * work: of automated browsers, and of more than 100 events at a time.
 */
import posthog from "posthog-js";
import { FIRST_EVENT } from "./first_event.js";

posthog.init("phc_benchmark", {
  api_host: new URL(".", location.href).href,
  opt_out_useragent_filter: true,
  rate_limiting: { events_per_second: 100_000, events_burst_limit: 100_000 },
});

globalThis.capture = (action, subject, attributes) =>
  posthog.capture(action, { subject, ...attributes });
capture(...FIRST_EVENT);
