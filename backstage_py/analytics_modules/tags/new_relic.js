/**
 * New Relic's browser agent: gets page views as interactions, other events as page actions.
 *
 * Behaves as `@backstage-community/plugin-analytics-module-newrelic-browser`; in addition, a page
 * action includes its subject.
 */
import { isPageView } from "../category";
import { loadScript } from "../script";

const truthy = (prefix, values = {}) =>
  Object.entries(values).flatMap(([key, value]) => (value ? [[`${prefix}.${key}`, value]] : []));

const described = ({ context, attributes }) => [
  ...truthy("context", context),
  ...truthy("attributes", attributes),
];

export async function start(settings) {
  if (settings.testMode) return pretend();
  window.NREUM = { ...window.NREUM, ...agentConfiguration(settings) };
  if (!window.newrelic) await loadScript(settings.scriptSrc);
  const agent = window.newrelic;
  return {
    identify: (userId) => agent.setUserId(userId),
    capture(event) {
      if (settings.debug) console.debug("New Relic:", event);
      if (isPageView(event)) captureView(agent, event);
      else captureAction(agent, event);
    },
  };
}

function captureView(agent, event) {
  const interaction = agent.interaction();
  interaction.setName(event.subject);
  if (event.value) interaction.setAttribute("value", event.value);
  for (const [name, value] of described(event)) interaction.setAttribute(name, value);
  interaction.save();
}

function captureAction(agent, event) {
  const { action, subject, value } = event;
  const attributes = Object.fromEntries(described(event));
  agent.addPageAction(action, { subject, ...(value === undefined ? {} : { value }), ...attributes });
}

function pretend() {
  return { capture: (event) => console.debug("New Relic, in test mode:", event) };
}

function agentConfiguration(settings) {
  const { accountId, applicationId, endpoint, licenseKey } = settings;
  const replay = settings.sessionReplay;
  return {
    init: {
      distributed_tracing: { enabled: settings.distributedTracingEnabled },
      privacy: { cookies_enabled: settings.cookiesEnabled },
      ajax: { deny_list: [endpoint] },
      session_replay: {
        enabled: replay.enabled,
        sampling_rate: replay.samplingRate,
        error_sampling_rate: replay.errorSamplingRate,
        mask_text_selector: replay.maskTextSelector ?? "*",
        mask_all_inputs: replay.maskAllInputs,
        collect_fonts: replay.collectFonts,
        block_selector: replay.blockSelector ?? "",
      },
    },
    info: {
      beacon: endpoint,
      errorBeacon: endpoint,
      licenseKey,
      applicationID: applicationId,
      sa: 1,
    },
    loader_config: {
      accountID: accountId,
      trustKey: accountId,
      agentID: applicationId,
      licenseKey,
      applicationID: applicationId,
    },
  };
}
