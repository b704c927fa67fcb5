/**
 * The analytics context of a place in the React tree, and the tracker in it.
 *
 * Behaves as AnalyticsContext and plugin extensions of
 * @backstage/core-plugin-api 1.12.10 (analytics, extensions).
 */
import { createContext, createElement, useContext, useEffect, useMemo } from "react";
import env from "$/env.json";
import { getBackendURL } from "$/utils/state";
import { startAddresses } from "./addresses";
import { DEFAULT_CONTEXT, extensionContext } from "./dialect";
import "./measures";
import { startOutbox } from "./outbox";
import { createTracker, ignorePages, mergeContexts } from "./tracker";

ignorePages(env.ANALYTICS.ignored);
startAddresses(env.ANALYTICS.addresses);
startOutbox(
  () => new URL(env.ANALYTICS.endpoint, getBackendURL(env.PING)),
  env.ANALYTICS.privacy,
);

const TrackerContext = createContext(createTracker(DEFAULT_CONTEXT));

export const useAnalytics = () => useContext(TrackerContext);

/** The tracker below `attributes`; it changes only when a value in its context does. */
function useNestedTracker(attributes) {
  const parent = useAnalytics();
  return useMemo(
    () => createTracker(mergeContexts(parent.context, attributes)),
    [parent, JSON.stringify(attributes)],
  );
}

/**
 * `children` may be a function of the tracker: in a loop Reflex lifts hooks above
 * the loop, and the function's parameter shadows the tracker that was lifted.
 */
const provide = (tracker, children, ...after) =>
  createElement(
    TrackerContext.Provider,
    { value: tracker },
    typeof children === "function" ? children(tracker) : children,
    ...after,
  );

export function AnalyticsContext({ attributes, children }) {
  return provide(useNestedTracker(attributes), children);
}

/** Its effect runs after those of the siblings before it, so their captures come first. */
function RoutableExtensionRendered() {
  const tracker = useAnalytics();
  useEffect(() => tracker.routableExtensionRendered(), []);
  return null;
}

/** A plugin's extension; with a route ref it is a routable one, that is a page. */
export function AnalyticsExtension({ children, ...extension }) {
  const tracker = useNestedTracker(extensionContext(extension));
  return extension.routeRef
    ? provide(tracker, children, createElement(RoutableExtensionRendered))
    : provide(tracker, children);
}
