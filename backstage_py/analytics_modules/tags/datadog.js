/**
 * Datadog's RUM Browser SDK: gets page views as views, other events as actions.
 *
 * A view is named by its path, as when the SDK starts views itself; its address is the browser's.
 */
import { isPageView } from "../category";
import { loadScript } from "../script";

export async function start(settings) {
  if (settings.testMode) return pretend();
  if (!window.DD_RUM?.init) await loadScript(settings.scriptSrc);
  const rum = window.DD_RUM;
  const { applicationId, clientToken, site, service, env, version } = settings;
  rum.init({
    applicationId,
    clientToken,
    site,
    service,
    env: env ?? undefined,
    version: version ?? undefined,
    sessionSampleRate: settings.sessionSampleRate,
    sessionReplaySampleRate: settings.sessionReplaySampleRate,
    defaultPrivacyLevel: "mask",
    trackViewsManually: true,
    trackUserInteractions: false,
  });
  return {
    identify: (id) => (id ? rum.setUser({ id }) : rum.clearUser()),
    capture(event) {
      if (settings.debug) console.debug("Datadog:", event);
      if (isPageView(event)) rum.startView({ name: pathOf(event.subject) });
      else rum.addAction(event.action, facts(event));
    },
  };
}

const pathOf = (subject) => subject.split(/[?#]/, 1)[0];

function facts({ subject, value, context, attributes }) {
  return { subject, ...(value === undefined ? {} : { value }), context, attributes };
}

function pretend() {
  return { capture: (event) => console.debug("Datadog, in test mode:", event) };
}
