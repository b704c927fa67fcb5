/** Snowplow with its defaults, and the event as a self-describing one. */
import { newTracker, trackSelfDescribingEvent } from "@snowplow/browser-tracker";
import { FIRST_EVENT } from "./first_event.js";

newTracker("benchmark", new URL(".", location.href).href, { appId: "benchmark" });

globalThis.capture = (action, subject, attributes) =>
  trackSelfDescribingEvent({
    event: {
      schema: "iglu:com.example/event/jsonschema/1-0-0",
      data: { action, subject, ...attributes },
    },
  });
capture(...FIRST_EVENT);
