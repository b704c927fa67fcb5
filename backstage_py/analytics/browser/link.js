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
import env from "$/env.json";
import { useAnalytics } from "./context";
import { useResolvedAddress } from "./navigation";
import { addressOf, nameOf, schemeOf, textOf } from "./subject";

const VISUALLY_HIDDEN = { position: "fixed", left: "-99em" }; // what is fixed scrolls nothing

const OPENS_NEW_WINDOW = createElement(
  "span",
  { key: "opens-new-window", style: VISUALLY_HIDDEN },
  ", Opens in a new window",
);

/** The click handlers of a link: the caller's own first, then the capture. */
function useCapturedClick({ to, onClick, onAuxClick, children, "data-no-track": noTrack }) {
  const analytics = useAnalytics();
  const capture = ({ currentTarget }) => {
    if (noTrack) return;
    const address = addressOf(to);
    const name = () => env.ANALYTICS.nameIcons && nameOf(currentTarget);
    const subject = textOf(children) || name() || address;
    analytics.captureEvent("click", subject, { attributes: { to: address } });
  };
  return {
    onClick(event) {
      onClick?.(event);
      capture(event);
    },
    /** The middle button opens a new tab. */
    onAuxClick(event) {
      onAuxClick?.(event);
      if (event.button === 1) capture(event);
    },
  };
}

/** React Router's link, which captures its clicks and is otherwise unchanged. */
export function CapturedLink(props) {
  return createElement(RouterLink, { ...props, ...useCapturedClick(props) });
}

/** Backstage's link: refuses `javascript:`, opens other sites safely in a new tab. */
export function AnalyticsLink(props) {
  const { to, children, ...rest } = props;
  const captured = useCapturedClick(props);
  const resolved = useResolvedAddress(addressOf(to));
  const scheme = schemeOf(addressOf(to));
  if (scheme === "javascript") {
    console.warn("A javascript: link was rejected");
    return createElement("a", { ...rest, onClick: undefined, onAuxClick: undefined, "aria-disabled": true, children });
  }
  if (!scheme) return createElement(RouterLink, { ...props, to: resolved, ...captured });
  if (!/^https?$/.test(scheme)) {
    return createElement("a", { ...rest, href: addressOf(to), ...captured, children });
  }
  return createElement(
    "a",
    { target: "_blank", rel: "noopener", ...rest, href: addressOf(to), ...captured },
    ...[].concat(children),
    OPENS_NEW_WINDOW,
  );
}
