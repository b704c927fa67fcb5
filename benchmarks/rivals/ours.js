/** Ours, started as context.js does it. */
import { startAddresses } from "../../backstage_py/analytics/browser/addresses.js";
import { startOutbox } from "../../backstage_py/analytics/browser/outbox.js";
import { DEFAULT_CONTEXT } from "../../backstage_py/analytics/browser/dialect.js";
import { createTracker } from "../../backstage_py/analytics/browser/tracker.js";
import { FIRST_EVENT } from "./first_event.js";

startAddresses({ parameters: [["token|code", "mask"]], fragment: "keep" });
startOutbox(() => new URL("events", location.href), { signals: [], unasked: "on" });
const tracker = createTracker(DEFAULT_CONTEXT);

globalThis.capture = (action, subject, attributes) =>
  tracker.captureEvent(action, subject, { attributes });
capture(...FIRST_EVENT);
