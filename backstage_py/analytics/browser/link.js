/**
 * The tracked link.
 *
 * Behaves as Link of @backstage/core-components 0.18.14: a click captures `click`
 * with the text of the link as subject and `to` as it was given, before it
 * navigates; the caller's own handler runs first. `data-no-track` switches the
 * capture off.
 */
import { createElement } from "react";
import { Link as RouterLink } from "react-router";
import { useAnalytics } from "./context";
import { useResolvedAddress } from "./navigation";
import { addressOf, schemeOf, textOf } from "./subject";

const VISUALLY_HIDDEN = { position: "fixed", left: "-99em" }; // what is fixed scrolls nothing

const OPENS_NEW_WINDOW = createElement(
  "span",
  { key: "opens-new-window", style: VISUALLY_HIDDEN },
  ", Opens in a new window",
);

/** The click handler of a link: the caller's own first, then the capture. */
function useCapturedClick({ to, onClick, children, "data-no-track": noTrack }) {
  const analytics = useAnalytics();
  return (event) => {
    onClick?.(event);
    if (noTrack) return;
    const address = addressOf(to);
    analytics.captureEvent("click", textOf(children) || address, { attributes: { to: address } });
  };
}

/** React Router's link, which captures its clicks and is otherwise unchanged. */
export function CapturedLink(props) {
  return createElement(RouterLink, { ...props, onClick: useCapturedClick(props) });
}

/** Backstage's link: refuses `javascript:`, opens other sites safely in a new tab. */
export function AnalyticsLink(props) {
  const { to, children, ...rest } = props;
  const onClick = useCapturedClick(props);
  const resolved = useResolvedAddress(addressOf(to));
  const scheme = schemeOf(addressOf(to));
  if (scheme === "javascript") {
    console.warn("A javascript: link was rejected");
    return createElement("a", { ...rest, onClick: undefined, "aria-disabled": true, children });
  }
  if (!scheme) return createElement(RouterLink, { ...props, to: resolved, onClick });
  if (!/^https?$/.test(scheme)) {
    return createElement("a", { ...rest, href: addressOf(to), onClick, children });
  }
  return createElement(
    "a",
    { target: "_blank", rel: "noopener", ...rest, href: addressOf(to), onClick },
    ...[].concat(children),
    OPENS_NEW_WINDOW,
  );
}
