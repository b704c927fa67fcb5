/**
 * Quantum Metric: events go to `QuantumMetricAPI.sendEvent` of the vendor's script.
 *
 * Behaves as `@quantummetric/analytics-module-qm`; in addition, events captured before the script
 * has loaded wait for it.
 */
import { loadScript } from "../script";

const LOOK_EVERY_MS = 100;
const LOOKS = 100;
const UNMAPPED = "sendEvent";

/** The settings of an action: its value, and attributes besides those of the event. */
const transforms = {
  navigate: ({ subject }) => ({ value: subject }),
  click: ({ subject }) => ({ value: subject }),
  search: ({ subject, value }) => ({ value: subject, attributes: { "results-found": value } }),
  discover: ({ subject, value }) => ({ value: subject, attributes: { "search-position": value } }),
};
const other = ({ subject, value }) => ({ value: value ?? subject });

export async function start(settings) {
  const api = settings.test ? testApi : await openApi(settings);
  return {
    identify: (email) => email && api.identifyUser?.(email),
    capture(event) {
      const call = describe(event, settings);
      if (settings.debug) console.debug("Quantum Metric:", event, call);
      if (call) api.sendEvent(call.id, false, call.value, call.attributes);
    },
  };
}

/** The call for an event; undefined if its action has no id. */
function describe(event, { mappings, attributes: global }) {
  const { action, subject, attributes, context } = event;
  if (action === UNMAPPED) {
    return { id: subject, value: event.value, attributes: { ...attributes, ...global } };
  }
  const id = mappings.find(({ name }) => name === action)?.id;
  if (id === undefined) return undefined;
  const { value, attributes: more } = (transforms[action] ?? other)(event);
  return { id, value, attributes: { ...attributes, ...context, ...more, ...global } };
}

const testApi = {
  identifyUser: (email) => console.log("Quantum Metric, test: identifyUser", email),
  sendEvent: (...call) => console.log("Quantum Metric, test: sendEvent", ...call),
};

async function openApi({ src, async }) {
  if (!window.QuantumMetricAPI && src) await loadScript(src, { async });
  for (let look = 0; look < LOOKS && !window.QuantumMetricAPI; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  if (!window.QuantumMetricAPI) throw new Error("there is no QuantumMetricAPI");
  return window.QuantumMetricAPI;
}
