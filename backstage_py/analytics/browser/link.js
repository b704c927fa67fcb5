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
import { addressOf, nameOf, textOf } from "./subject";

/** The click handlers of a link: the caller's own first, then the capture. */
export function useCapturedClick({ to, onClick, onAuxClick, children, "data-no-track": noTrack }) {
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
