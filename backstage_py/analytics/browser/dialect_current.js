/**
 * The dialect of Backstage's current frontend system (@backstage/frontend-plugin-api 1.0.0),
 * used instead of `dialect.js`.
 */
export const DEFAULT_CONTEXT = { pluginId: "app", extensionId: "app/root" };

/** `kind:plugin/name`; parts that an extension does not have are left out. */
const idOf = ({ kind, pluginId, name }) =>
  (kind ? `${kind}:` : "") + pluginId + (name ? `/${name}` : "");

/** The context that an extension adds. */
export const extensionContext = (extension) => ({
  pluginId: extension.pluginId,
  extensionId: idOf(extension),
});

/** A navigate of a plugin, or below a context, that is called `root`. */
export const isHeld = ({ pluginId }) => pluginId === "root";

/** The fields of a held navigate, besides the context of the rendered page. */
export const RELEASED = { extensionId: "App" };

/** The context in which signing in and out is captured. */
export const SIGN_IN_CONTEXT = extensionContext({ kind: "sign-in-page", pluginId: "app" });

/** The navigate of an app that starts, before its pages do. */
export const BOOT = DEFAULT_CONTEXT;
