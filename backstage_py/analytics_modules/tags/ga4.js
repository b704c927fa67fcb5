/**
 * Google's tag (gtag.js): gets events with Backstage's parameters.
 *
 * Behaves as `@backstage-community/plugin-analytics-module-ga4`; names are mended as
 * `ga4.py` does it.
 */
import { categoryOf, isPageView } from "../category";
import { loadScript } from "../script";

const NAME_CHARACTERS = 40;
const RESERVED_PREFIX = /^([^a-z]|ga_|google_|firebase_)/i;
const SCRIPT = "https://www.googletagmanager.com/gtag/js";

export async function start(settings) {
  const { measurementId, scriptSrc } = settings;
  const send = settings.testMode ? pretend : openQueue();
  send("js", new Date());
  send("config", measurementId, {
    send_page_view: settings.enableSendPageView,
    cookie_flags: settings.cookieFlags,
    ...(settings.debug ? { debug_mode: true } : {}),
  });
  if (!settings.testMode) {
    await loadScript(scriptSrc ?? `${SCRIPT}?id=${encodeURIComponent(measurementId)}`);
  }
  return {
    identify: (userId) => send("set", { user_id: userId }),
    capture(event) {
      const call = ["event", eventName(event, settings), parameters(event, settings)];
      if (settings.debug) console.debug("Google Analytics:", ...call);
      send(...call);
    },
  };
}

/** gtag.js knows its own commands by their being `arguments`. */
function openQueue() {
  window.dataLayer ??= [];
  return function gtag() {
    window.dataLayer.push(arguments);
  };
}

const pretend = (...call) => console.debug("Google Analytics, in test mode:", ...call);

function eventName(event, { reservedNames }) {
  if (isPageView(event)) return "page_view";
  const name = event.action.replace(/[^A-Za-z0-9_]/g, "_");
  const isFree = !RESERVED_PREFIX.test(name) && !reservedNames.includes(name);
  return (isFree ? name : `action_${name}`).slice(0, NAME_CHARACTERS);
}

function parameters(event, { contentGrouping, allowedContexts, allowedAttributes }) {
  const { action, subject, value, context, attributes } = event;
  return {
    category: categoryOf(event),
    label: subject,
    ...(value === undefined ? {} : { value }),
    ...(action === "search" ? { search_term: subject } : {}),
    ...(context[contentGrouping] ? { content_group: context[contentGrouping] } : {}),
    ...allowed("c_", context, allowedContexts),
    ...allowed("a_", attributes, allowedAttributes),
  };
}

function allowed(prefix, values = {}, keys) {
  const isAllowed = ([key, value]) => value !== "" && (keys.includes("*") || keys.includes(key));
  const entries = Object.entries(values).filter(isAllowed);
  return Object.fromEntries(entries.map(([key, value]) => [prefix + key, value]));
}
