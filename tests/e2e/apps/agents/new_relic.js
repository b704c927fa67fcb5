/** The agent as New Relic's loader script starts it, except for a harvest each second and HTTP. */
import { BrowserAgent } from "@newrelic/browser-agent/loaders/browser-agent";

const { init, info, loader_config } = window.NREUM;
new BrowserAgent({
  init: { ...init, ssl: false, harvest: { interval: 1 } },
  info,
  loader_config,
});
