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

// The URL standard strips these from a scheme before it is read.
const IGNORED_IN_URL = /[\u0000-\u0020]/g;
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;

const schemeOf = (to) => SCHEME.exec(to.replace(IGNORED_IN_URL, ""))?.[1].toLowerCase();

/** The text of a React node, by the rule of Backstage's getNodeText. */
export function textOf(node) {
  if (typeof node === "string" || typeof node === "number") return String(node);
  if (Array.isArray(node)) return node.map(textOf).join(" ").trim();
  if (node && typeof node === "object") return textOf(node.props?.children);
  return "";
}

const VISUALLY_HIDDEN = {
  clip: "rect(0 0 0 0)",
  clipPath: "inset(50%)",
  height: 1,
  overflow: "hidden",
  position: "absolute",
  whiteSpace: "nowrap",
  width: 1,
};

const OPENS_NEW_WINDOW = createElement(
  "span",
  { key: "opens-new-window", style: VISUALLY_HIDDEN },
  ", Opens in a new window",
);

/** What a link leads to: `to` of React Router may be an object of its parts. */
const addressOf = (to) =>
  typeof to === "object" && to !== null
    ? `${to.pathname ?? ""}${to.search ?? ""}${to.hash ?? ""}`
    : String(to ?? "");

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
  const scheme = schemeOf(addressOf(to));
  if (scheme === "javascript") {
    console.warn("A link to a javascript: address was refused");
    return createElement("a", { ...rest, onClick: undefined, "aria-disabled": true, children });
  }
  if (!scheme) return createElement(RouterLink, { ...props, onClick });
  if (scheme !== "http" && scheme !== "https") {
    return createElement("a", { ...rest, href: addressOf(to), onClick, children });
  }
  return createElement(
    "a",
    { target: "_blank", rel: "noopener", ...rest, href: addressOf(to), onClick },
    ...[].concat(children),
    OPENS_NEW_WINDOW,
  );
}
