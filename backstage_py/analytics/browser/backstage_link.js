/**
 * Backstage's link, loaded only by apps that use it.
 *
 * Behaves as Link of @backstage/core-components 0.18.14; its capture is in `link.js`.
 */
import { createElement } from "react";
import { Link as RouterLink } from "react-router";
import { useCapturedClick } from "./link";
import { useResolvedAddress } from "./page_path";
import { addressOf, schemeOf } from "./subject";

const VISUALLY_HIDDEN = { position: "fixed", left: "-99em" }; // fixed: does not scroll the page

const OPENS_NEW_WINDOW = createElement(
  "span",
  { key: "opens-new-window", style: VISUALLY_HIDDEN },
  ", Opens in a new window",
);

/** A link that refuses `javascript:` and opens other sites safely in a new tab. */
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
