/** Mixpanel with its defaults. */
import mixpanel from "mixpanel-browser";
import { FIRST_EVENT } from "./first_event.js";

mixpanel.init("benchmark", { api_host: new URL(".", location.href).href.slice(0, -1) });

globalThis.capture = (action, subject, attributes) =>
  mixpanel.track(action, { subject, ...attributes });
capture(...FIRST_EVENT);
