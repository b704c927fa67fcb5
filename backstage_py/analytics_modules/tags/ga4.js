/**
 * Google's tag (gtag.js): gets events with Backstage's parameters.
 *
 * Behaves as `@backstage-community/plugin-analytics-module-ga4`; names are changed as
 * `ga4.py` does it, and every event has the address and the title of its page.
 */
import { categoryOf, isPageView } from "../category";
import { withPages } from "../page";
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
    capture: withPages((event, page) => {
      const call = ["event", eventName(event, settings), parameters(event, page, settings)];
      if (settings.debug) console.debug("Google Analytics:", ...call);
      send(...call);
    }),
  };
}

/** gtag.js recognizes commands because they are `arguments` objects. */
function openQueue() {
  window.dataLayer ??= [];
  return function gtag() {
    window.dataLayer.push(arguments);
  };
}

const pretend = (...call) => console.debug("Google Analytics, in test mode:", ...call);

function eventName(event, { reservedNames }) {
  if (isPageView(event)) return "page_view";
  const name = spelled(event.action);
  const isFree = !RESERVED_PREFIX.test(name) && !reservedNames.includes(name);
  return (isFree ? name : `action_${name}`).slice(0, NAME_CHARACTERS);
}

/** In letters that Google accepts; others become their code points, such as `u90e8`. */
const spelled = (name) =>
  name.replace(/[^A-Za-z0-9_]/gu, (letter) => {
    const number = letter.codePointAt(0);
    return number < 128 ? "_" : `u${number.toString(16)}`;
  });

function parameters(event, page, { contentGrouping, allowedContexts, allowedAttributes }) {
  const { action, subject, value, context, attributes } = event;
  return {
    category: categoryOf(event),
    label: subject,
    ...(value === undefined ? {} : { value }),
    ...(action === "search" ? { search_term: subject } : {}),
    ...(context[contentGrouping] ? { content_group: context[contentGrouping] } : {}),
    page_location: page.location,
    page_title: page.title,
    ...distinct([
      ...allowed("c_", context, allowedContexts),
      ...allowed("a_", attributes, allowedAttributes),
    ]),
  };
}

/** The values under names that Google accepts; a duplicate gets a number. */
function distinct(entries) {
  const named = {};
  for (const [key, value] of entries) {
    const wanted = spelled(key).slice(0, NAME_CHARACTERS);
    let name = wanted;
    for (let number = 2; name in named; number += 1) {
      const suffix = `_${number}`;
      name = wanted.slice(0, NAME_CHARACTERS - suffix.length) + suffix;
    }
    named[name] = value;
  }
  return named;
}

function allowed(prefix, values = {}, keys) {
  const isAllowed = ([key, value]) => value !== "" && (keys.includes("*") || keys.includes(key));
  const entries = Object.entries(values).filter(isAllowed);
  return entries.map(([key, value]) => [prefix + key, value]);
}
