/**
 * Matomo's script (matomo.js): gets events, and page views with `enhancedTracking`.
 *
 * Behaves as `@backstage-community/plugin-analytics-module-matomo`; its first page view is
 * the first `navigate`, and comes after the user, so that `deferInitialPageView` is kept. Every
 * hit has the address and the title of its page.
 */
import { categoryOf } from "../category";
import { withPages } from "../page";
import { loadScript } from "../script";

export async function start(settings) {
  const host = settings.host.replace(/\/$/, "");
  const push = settings.testMode ? pretend : (...command) => window._paq.push(command);
  window._paq ??= [];
  push("setTrackerUrl", `${host}/matomo.php`);
  push("setSiteId", settings.siteId);
  if (!settings.testMode) await loadScript(`${host}/matomo.js`);
  return {
    identify: (userId) => (userId ? push("setUserId", userId) : push("resetUserId")),
    capture: withPages((event, { location, path, title }) => {
      if (settings.debug) console.debug("Matomo:", event);
      push("setCustomUrl", location);
      push("setDocumentTitle", title || path);
      if (event.action === "navigate" && settings.enhancedTracking) push("trackPageView");
      else push("trackEvent", categoryOf(event), event.action, event.subject, event.value);
    }),
  };
}

const pretend = (...command) => console.debug("Matomo, in test mode:", ...command);
