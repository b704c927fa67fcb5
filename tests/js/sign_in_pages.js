/** The pages of the app of the recorded runs, and the table of routes that is compiled of them. */
const page = (pluginId, name) => ({ kind: "page", pluginId, name, routeRef: pluginId });
const tab = (pluginId, name) => ({ ...page(pluginId, name), kind: "content" });

export const pages = {
  "/": [page("home", "HomePage")],
  "/settings": [page("user-settings", "UserSettingsPage")],
  "/tools": [tab("radar", "RadarPage"), tab("costs", "CostsPage")],
};

const classic = ([path, [{ pluginId, routeRef }, ...others]]) =>
  others.length
    ? { path, context: { _routeNodeType: "gathered" } }
    : { path, context: { pluginId, routeRef, extension: "App" } };

const current = ([path, [{ kind, pluginId, name }]]) => ({
  path,
  context: { pluginId, extensionId: `${kind}:${pluginId}/${name}` },
});

export const routesOf = (dialect) =>
  Object.entries(pages).map(dialect === "current" ? current : classic);
