/**
 * The dialect of the events: the form of a context, and which navigate is held back.
 *
 * This is Backstage's classic one (@backstage/core-plugin-api 1.12.10). An app that has chosen
 * `app.analytics.dialect: current` gets `dialect_current.js` instead.
 */
export const DEFAULT_CONTEXT = { routeRef: "unknown", pluginId: "root", extension: "App" };

/** The context that an extension adds. */
export const extensionContext = ({ pluginId, name, routeRef }) => ({
  pluginId,
  extension: name,
  ...(routeRef ? { routeRef } : {}),
});

/** A navigate whose route gathers the pages of several plugins. */
export const isHeld = ({ pluginId, _routeNodeType }) =>
  pluginId === "root" && _routeNodeType === "gathered";

/** The fields of a held navigate, besides the context of the rendered page. */
export const RELEASED = { extension: "App" };

/** The context in which signing in and out is captured. */
export const SIGN_IN_CONTEXT = DEFAULT_CONTEXT;

/** The navigate of an app that starts, before its pages do. */
export const BOOT = undefined;
