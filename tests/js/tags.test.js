/** What each tag hands to its tool, for every key event. */
import { beforeEach, expect, mock, test } from "bun:test";

const loaded = [];
mock.module("../../backstage_py/analytics/browser/script", () => ({
  loadScript: async (src) => {
    loaded.push(src);
    globalThis.onScript?.();
  },
}));
// In an app the tags stand in a folder below the library's modules.
for (const name of ["category", "page", "script"]) {
  const real = await import(`../../backstage_py/analytics/browser/${name}`);
  mock.module(`../../backstage_py/analytics_modules/${name}`, () => real);
}
const tag = (name) => import(`../../backstage_py/analytics_modules/tags/${name}`);

const entity = { name: "petstore", kind: "component" };
const EVENTS = {
  navigate: {
    action: "navigate",
    subject: "/catalog?x=1#top",
    attributes: entity,
    context: { pluginId: "catalog", extension: "App", routeRef: "catalog:entity" },
  },
  click: {
    action: "click",
    subject: "Docs",
    attributes: { to: "/docs" },
    context: { pluginId: "catalog", extension: "CatalogIndexPage", routeRef: "catalog" },
  },
  create: {
    action: "create",
    subject: "new service",
    value: 90,
    context: { pluginId: "scaffolder", extension: "Wizard", entityRef: "template:default/s" },
  },
  search: {
    action: "search",
    subject: "pet store",
    value: 0,
    context: { pluginId: "search", extension: "SearchPage", searchTypes: "techdocs" },
  },
  discover: {
    action: "discover",
    subject: "Petstore",
    value: 3,
    attributes: { to: "/docs/petstore" },
    context: { pluginId: "search", extension: "SearchPage" },
  },
  "not-found": {
    action: "not-found",
    subject: "/no/such/page",
    context: { pluginId: "root", extension: "App", routeRef: "unknown" },
  },
};

beforeEach(() => {
  loaded.length = 0;
  globalThis.onScript = undefined;
  globalThis.window = { location: { origin: "https://portal.example.com", pathname: "/" } };
  globalThis.document = { title: "Portal" };
});

const captureAll = (started) => Object.values(EVENTS).forEach((event) => started.capture(event));

test("Google's tag is configured, and gets every key event", async () => {
  const { start } = await tag("ga4");

  const started = await start({
    measurementId: "G-1",
    scriptSrc: null,
    enableSendPageView: false,
    cookieFlags: "SameSite=Lax",
    contentGrouping: "pluginId",
    allowedContexts: ["routeRef"],
    allowedAttributes: ["*"],
    reservedNames: [],
  });
  started.identify("hash");
  captureAll(started);

  const [js, ...calls] = window.dataLayer.map((command) => [...command]);
  expect(js[0]).toBe("js");
  expect(loaded).toEqual(["https://www.googletagmanager.com/gtag/js?id=G-1"]);
  expect(calls).toEqual([
    ["config", "G-1", { send_page_view: false, cookie_flags: "SameSite=Lax" }],
    ["set", { user_id: "hash" }],
    [
      "event",
      "page_view",
      {
        category: "App",
        label: "/catalog?x=1#top",
        content_group: "catalog",
        page_location: "https://portal.example.com/catalog?x=1#top",
        page_title: "Portal",
        c_routeRef: "catalog:entity",
        a_name: "petstore",
        a_kind: "component",
      },
    ],
    [
      "event",
      "click",
      {
        category: "CatalogIndexPage",
        label: "Docs",
        content_group: "catalog",
        page_location: "https://portal.example.com/catalog?x=1#top",
        page_title: "Portal",
        c_routeRef: "catalog",
        a_to: "/docs",
      },
    ],
    [
      "event",
      "create",
      {
        category: "Wizard",
        label: "new service",
        value: 90,
        content_group: "scaffolder",
        page_location: "https://portal.example.com/catalog?x=1#top",
        page_title: "Portal",
      },
    ],
    [
      "event",
      "search",
      {
        category: "SearchPage",
        label: "pet store",
        value: 0,
        search_term: "pet store",
        content_group: "search",
        page_location: "https://portal.example.com/catalog?x=1#top",
        page_title: "Portal",
      },
    ],
    [
      "event",
      "discover",
      {
        category: "SearchPage",
        label: "Petstore",
        value: 3,
        content_group: "search",
        page_location: "https://portal.example.com/catalog?x=1#top",
        page_title: "Portal",
        a_to: "/docs/petstore",
      },
    ],
    [
      "event",
      "not_found",
      {
        category: "App",
        label: "/no/such/page",
        content_group: "root",
        page_location: "https://portal.example.com/catalog?x=1#top",
        page_title: "Portal",
        c_routeRef: "unknown",
      },
    ],
  ]);
});

test("Google's tag gets names as the server sends them", async () => {
  const { start } = await tag("ga4");
  const started = await start({
    measurementId: "G-1",
    allowedContexts: [],
    allowedAttributes: [],
    reservedNames: ["error"],
  });
  const cases = JSON.parse(await Bun.file(`${import.meta.dir}/ga4_names.json`).text());

  for (const action of Object.keys(cases)) started.capture({ ...EVENTS.click, action });

  const names = window.dataLayer.flatMap(([kind, name]) => (kind === "event" ? [name] : []));
  expect(names).toEqual(Object.values(cases));
});

test("Matomo's script gets events, and page views where they are wanted", async () => {
  const { start } = await tag("matomo");

  const settings = { host: "https://matomo.example.com/", siteId: "3" };
  const started = await start(settings);
  started.identify("hash");
  captureAll(started);
  const enhanced = await start({ ...settings, enhancedTracking: true });
  enhanced.capture(EVENTS.navigate);

  const setup = [
    ["setTrackerUrl", "https://matomo.example.com/matomo.php"],
    ["setSiteId", "3"],
  ];
  expect(loaded).toEqual(Array(2).fill("https://matomo.example.com/matomo.js"));
  expect(window._paq).toEqual([
    ...setup,
    ["setUserId", "hash"],
    ["setCustomUrl", "https://portal.example.com/catalog?x=1#top"],
    ["setDocumentTitle", "Portal"],
    ["trackEvent", "App", "navigate", "/catalog?x=1#top", undefined],
    ["setCustomUrl", "https://portal.example.com/catalog?x=1#top"],
    ["setDocumentTitle", "Portal"],
    ["trackEvent", "CatalogIndexPage", "click", "Docs", undefined],
    ["setCustomUrl", "https://portal.example.com/catalog?x=1#top"],
    ["setDocumentTitle", "Portal"],
    ["trackEvent", "Wizard", "create", "new service", 90],
    ["setCustomUrl", "https://portal.example.com/catalog?x=1#top"],
    ["setDocumentTitle", "Portal"],
    ["trackEvent", "SearchPage", "search", "pet store", 0],
    ["setCustomUrl", "https://portal.example.com/catalog?x=1#top"],
    ["setDocumentTitle", "Portal"],
    ["trackEvent", "SearchPage", "discover", "Petstore", 3],
    ["setCustomUrl", "https://portal.example.com/catalog?x=1#top"],
    ["setDocumentTitle", "Portal"],
    ["trackEvent", "App", "not-found", "/no/such/page", undefined],
    ...setup,
    ["setCustomUrl", "https://portal.example.com/catalog?x=1#top"],
    ["setDocumentTitle", "Portal"],
    ["trackPageView"],
  ]);
});

const QM = {
  src: "https://cdn.quantummetric.com/qm.js",
  mappings: Object.keys(EVENTS).map((name, index) => ({ name, id: 100 + index })),
  attributes: { team: "portal" },
};

function openQuantumMetric() {
  const calls = [];
  window.QuantumMetricAPI = {
    sendEvent: (...call) => calls.push(call),
    identifyUser: (email) => calls.push(["user", email]),
  };
  return calls;
}

test("Quantum Metric gets every key event under its id", async () => {
  const { start } = await tag("quantum_metric");
  let calls;
  globalThis.onScript = () => {
    calls = openQuantumMetric();
  };

  const started = await start(QM);
  started.identify("ann@example.com");
  captureAll(started);
  started.capture({ action: "deploy", subject: "no id", context: {} });
  started.capture({ action: "sendEvent", subject: "77", value: 5, attributes: { team: "x", a: 1 } });

  const global = { team: "portal" };
  expect(loaded).toEqual([QM.src]);
  expect(calls).toEqual([
    ["user", "ann@example.com"],
    [100, false, "/catalog?x=1#top", { ...entity, ...EVENTS.navigate.context, ...global }],
    [101, false, "Docs", { to: "/docs", ...EVENTS.click.context, ...global }],
    [102, false, 90, { ...EVENTS.create.context, ...global }],
    [103, false, "pet store", { ...EVENTS.search.context, "results-found": 0, ...global }],
    [
      104,
      false,
      "Petstore",
      { to: "/docs/petstore", ...EVENTS.discover.context, "search-position": 3, ...global },
    ],
    [105, false, "/no/such/page", { ...EVENTS["not-found"].context, ...global }],
    ["77", false, 5, { a: 1, ...global }],
  ]);
});

test("Quantum Metric's script is not loaded where it is there already", async () => {
  const { start } = await tag("quantum_metric");
  openQuantumMetric();

  await start(QM);

  expect(loaded).toEqual([]);
});

test("New Relic gets interactions and page actions", async () => {
  const { start } = await tag("new_relic");
  const calls = [];
  const interaction = {
    setName: (name) => calls.push(["setName", name]),
    setAttribute: (...attribute) => calls.push(["setAttribute", ...attribute]),
    save: () => calls.push(["save"]),
  };
  globalThis.onScript = () => {
    window.newrelic = {
      interaction: () => interaction,
      addPageAction: (...action) => calls.push(["addPageAction", ...action]),
      setUserId: (id) => calls.push(["setUserId", id]),
    };
  };

  const started = await start({
    endpoint: "bam.nr-data.net",
    accountId: "1",
    applicationId: "2",
    licenseKey: "key",
    distributedTracingEnabled: false,
    cookiesEnabled: true,
    sessionReplay: {},
    scriptSrc: "https://js-agent.example.com/agent.js",
  });
  started.identify("hash");
  captureAll(started);

  expect(loaded).toEqual(["https://js-agent.example.com/agent.js"]);
  expect(window.NREUM.info).toEqual({
    beacon: "bam.nr-data.net",
    errorBeacon: "bam.nr-data.net",
    licenseKey: "key",
    applicationID: "2",
    sa: 1,
  });
  expect(window.NREUM.loader_config.accountID).toBe("1");
  expect(window.NREUM.init.privacy).toEqual({ cookies_enabled: true });
  expect(window.NREUM.init.ajax).toEqual({ deny_list: ["bam.nr-data.net"] });
  expect(calls).toEqual([
    ["setUserId", "hash"],
    ["setName", "/catalog?x=1#top"],
    ["setAttribute", "context.pluginId", "catalog"],
    ["setAttribute", "context.extension", "App"],
    ["setAttribute", "context.routeRef", "catalog:entity"],
    ["setAttribute", "attributes.name", "petstore"],
    ["setAttribute", "attributes.kind", "component"],
    ["save"],
    [
      "addPageAction",
      "click",
      {
        subject: "Docs",
        "context.pluginId": "catalog",
        "context.extension": "CatalogIndexPage",
        "context.routeRef": "catalog",
        "attributes.to": "/docs",
      },
    ],
    [
      "addPageAction",
      "create",
      {
        subject: "new service",
        value: 90,
        "context.pluginId": "scaffolder",
        "context.extension": "Wizard",
        "context.entityRef": "template:default/s",
      },
    ],
    [
      "addPageAction",
      "search",
      {
        subject: "pet store",
        value: 0,
        "context.pluginId": "search",
        "context.extension": "SearchPage",
        "context.searchTypes": "techdocs",
      },
    ],
    [
      "addPageAction",
      "discover",
      {
        subject: "Petstore",
        value: 3,
        "context.pluginId": "search",
        "context.extension": "SearchPage",
        "attributes.to": "/docs/petstore",
      },
    ],
    [
      "addPageAction",
      "not-found",
      {
        subject: "/no/such/page",
        "context.pluginId": "root",
        "context.extension": "App",
        "context.routeRef": "unknown",
      },
    ],
  ]);
});

test("Datadog gets views and actions", async () => {
  const { start } = await tag("datadog");
  const calls = [];
  const record = (name) => (...args) => calls.push([name, ...args]);
  const names = ["init", "setUser", "clearUser", "startView", "addAction"];
  globalThis.onScript = () => {
    window.DD_RUM = Object.fromEntries(names.map((name) => [name, record(name)]));
  };

  const started = await start({
    applicationId: "a",
    clientToken: "pub",
    site: "datadoghq.eu",
    service: "portal",
    env: "prod",
    version: null,
    sessionSampleRate: 100,
    sessionReplaySampleRate: 0,
    scriptSrc: "https://cdn.example.com/rum.js",
  });
  started.identify("hash");
  started.capture(EVENTS.navigate);
  started.capture(EVENTS.search);
  started.identify(null);

  expect(loaded).toEqual(["https://cdn.example.com/rum.js"]);
  expect(calls).toEqual([
    [
      "init",
      {
        applicationId: "a",
        clientToken: "pub",
        site: "datadoghq.eu",
        service: "portal",
        env: "prod",
        version: undefined,
        sessionSampleRate: 100,
        sessionReplaySampleRate: 0,
        defaultPrivacyLevel: "mask",
        trackViewsManually: true,
        trackUserInteractions: false,
      },
    ],
    ["setUser", { id: "hash" }],
    ["startView", { name: "/catalog" }],
    [
      "addAction",
      "search",
      {
        subject: "pet store",
        value: 0,
        context: EVENTS.search.context,
        attributes: undefined,
      },
    ],
    ["clearUser"],
  ]);
});

test("Google's tag gets each parameter under a name of its own", async () => {
  const { start } = await tag("ga4");
  const started = await start({
    measurementId: "G-1",
    allowedContexts: [],
    allowedAttributes: ["*"],
    reservedNames: [],
  });

  started.capture({ ...EVENTS.click, attributes: { "to-url": "A", to_url: "B", "to.url": "C" } });

  const { a_to_url, a_to_url_2, a_to_url_3 } = window.dataLayer.at(-1)[2];
  expect([a_to_url, a_to_url_2, a_to_url_3]).toEqual(["A", "B", "C"]);
});
