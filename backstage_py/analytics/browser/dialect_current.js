/**
 * The dialect of Backstage's current frontend system (@backstage/frontend-plugin-api 1.0.0),
 * in place of `dialect.js`.
 */
export const DEFAULT_CONTEXT = { pluginId: "app", extensionId: "app/root" };

/** `kind:plugin/name`; parts that an extension does not have are left out. */
const idOf = ({ kind, pluginId, name }) =>
  (kind ? `${kind}:` : "") + pluginId + (name ? `/${name}` : "");

/** What an extension adds to the context. */
export const extensionContext = (extension) => ({
  pluginId: extension.pluginId,
  extensionId: idOf(extension),
});

/** A navigate of a plugin, or below a context, that is called `root`. */
export const isHeld = ({ pluginId }) => pluginId === "root";

/** The fields of a held navigate, besides the context of the rendered page. */
export const RELEASED = { extensionId: "App" };

/** Where signing in and out is captured. */
export const SIGN_IN_CONTEXT = extensionContext({ kind: "sign-in-page", pluginId: "app" });

/** The navigate of an app that comes up, before its pages do. */
export const BOOT = DEFAULT_CONTEXT;
