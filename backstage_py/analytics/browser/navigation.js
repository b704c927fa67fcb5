/**
 * The route-change hook: a navigate for the first page and for each change of
 * path, query or hash, named after the plugin of the route.
 *
 * Behaves as RouteTracker of @backstage/core-app-api 1.20.5 (routing). The table
 * of routes is written when the app is compiled, from what its pages contain.
 */
import { createElement, Fragment, useEffect } from "react";
import { useHref, useLocation } from "react-router";
import { useAnalytics } from "./context";
import { BOOT } from "./dialect";
import { arrive, describe } from "./place";
import { createTracker, mergeContexts } from "./tracker";

const navigate = ({ pathname, search, hash }, context, attributes) =>
  createTracker(context).captureEvent("navigate", pathname + search + hash, { attributes });

/** In an app that starts before its pages do, the first navigate is that of the app. */
let isUp = !BOOT;
/** The page that was captured last, even if something was mounted again since. */
let seen;
let isSignInAwaited = false;
let navigateToPage;

/** Wait for a sign-in: in the current dialect no page is tracked before it. */
export const awaitSignIn = () => {
  isSignInAwaited = !isUp;
};

export function signedIn() {
  if (isSignInAwaited) navigateToPage?.();
  isSignInAwaited = false;
}

/** Calls back after a script's pushState, which React Router misses; its own have an `idx`. */
function onScriptPush(callback) {
  const { pushState } = history;
  history.pushState = function (state, ...rest) {
    pushState.call(this, state, ...rest);
    if (state?.idx === undefined) callback();
  };
  return () => {
    history.pushState = pushState;
  };
}

function NavigateOnChange() {
  const location = useLocation();
  const parent = useAnalytics();
  const base = useHref("/").replace(/\/$/, "");
  useEffect(() => {
    const navigateTo = (place) => {
      const { context, params } = describe(place.pathname);
      const merged = mergeContexts(parent.context, context);
      arrive(merged);
      navigate(place, merged, params);
    };
    navigateToPage = () => navigateTo(location);
    const stopWatching = onScriptPush(() => {
      const { pathname, search, hash } = window.location;
      const below = pathname.startsWith(base) ? pathname.slice(base.length) : pathname;
      navigateTo({ pathname: below || "/", search, hash });
    });
    // The browser restored a page from its back/forward cache.
    const onShown = ({ persisted }) => persisted && navigateToPage();
    window.addEventListener("pageshow", onShown);
    if (seen !== location) {
      seen = location;
      if (!isUp) navigate(location, BOOT, {});
      isUp = true;
      if (!isSignInAwaited) navigateToPage();
    }
    return () => {
      stopWatching();
      window.removeEventListener("pageshow", onShown);
    };
  }, [location]);
  return null;
}

/** Its effect runs before those of `children`: the navigate comes first. */
export function NavigationTracker({ children }) {
  return createElement(Fragment, null, createElement(NavigateOnChange), children);
}
