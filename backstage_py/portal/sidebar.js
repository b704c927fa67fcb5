/** The button that narrows the sidebar. CSS reads `data-sidebar` of the document. */
import { createElement, useEffect, useState } from "react";

const KEY = "backstage_py.sidebar";

const remembered = () => {
  try {
    return localStorage.getItem(KEY) === "collapsed";
  } catch {
    return false;
  }
};

export function CollapseButton({ label, children }) {
  const [collapsed, setCollapsed] = useState(false);
  useEffect(() => setCollapsed(remembered()), []);
  useEffect(() => {
    document.documentElement.dataset.sidebar = collapsed ? "collapsed" : "open";
  }, [collapsed]);
  const toggle = () => {
    setCollapsed(!collapsed);
    try {
      localStorage.setItem(KEY, collapsed ? "open" : "collapsed");
    } catch {
      // Blocked storage: it stays as chosen until the page is loaded anew.
    }
  };
  return createElement(
    "button",
    {
      type: "button",
      className: "bp-icon-button bp-collapse",
      "aria-label": label,
      "aria-expanded": !collapsed,
      "aria-controls": "sidebar",
      onClick: toggle,
    },
    children,
  );
}
