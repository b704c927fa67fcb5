/**
 * Narrowing the sidebar to its icons and, on a phone, showing all of it.
 * CSS reads `data-sidebar` and `data-menu` of the document.
 */
import { createElement, useEffect, useState, useSyncExternalStore } from "react";
import { useLocation } from "react-router";

const KEY = "backstage_py.sidebar";
const renders = new Set();
let ofThisPage = "open";

const remembered = () => {
  try {
    return localStorage.getItem(KEY) ?? "open";
  } catch {
    return ofThisPage;
  }
};

function remember(state) {
  ofThisPage = state;
  try {
    localStorage.setItem(KEY, state);
  } catch {
    // Blocked storage: it stays as chosen until the page is reloaded.
  }
  renders.forEach((render) => render());
}

function subscribe(render) {
  renders.add(render);
  return () => renders.delete(render);
}

/** Whether it is narrow, and a function to change that. */
function useCollapsed() {
  const state = useSyncExternalStore(subscribe, remembered, () => "open");
  const isCollapsed = state === "collapsed";
  return [isCollapsed, () => remember(isCollapsed ? "open" : "collapsed")];
}

export function CollapseButton({ label, children }) {
  const [isCollapsed, toggle] = useCollapsed();
  useEffect(() => {
    document.documentElement.dataset.sidebar = isCollapsed ? "collapsed" : "open";
  }, [isCollapsed]);
  return createElement(
    "button",
    {
      type: "button",
      className: "bp-icon-button bp-collapse",
      "aria-label": label,
      "aria-expanded": !isCollapsed,
      "aria-controls": "sidebar",
      onClick: toggle,
    },
    children,
  );
}

/** A switch that keeps it wide. */
export function PinSwitch({ label }) {
  const [isCollapsed, toggle] = useCollapsed();
  return createElement(
    "button",
    {
      type: "button",
      role: "switch",
      className: "bp-switch",
      "aria-checked": !isCollapsed,
      onClick: toggle,
    },
    label,
  );
}

/** Its children are the icon that opens and the icon that closes. */
export function MenuButton({ label, children: [openIcon, closeIcon] }) {
  const [isOpen, setOpen] = useState(false);
  const { key } = useLocation();
  useEffect(() => setOpen(false), [key]);
  useEffect(() => {
    document.documentElement.dataset.menu = isOpen ? "open" : "closed";
    const close = ({ key: pressed }) => pressed === "Escape" && setOpen(false);
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, [isOpen]);
  return createElement(
    "button",
    {
      type: "button",
      className: "bp-nav-item bp-menu",
      "aria-expanded": isOpen,
      "aria-controls": "sidebar",
      onClick: () => setOpen(!isOpen),
    },
    isOpen ? closeIcon : openIcon,
    createElement("span", { className: "bp-nav-text" }, label),
  );
}
