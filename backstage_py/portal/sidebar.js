/**
 * The buttons of the sidebar: one narrows it, on a phone the other one shows all of it.
 * CSS reads `data-sidebar` and `data-menu` of the document.
 */
import { createElement, useEffect, useState } from "react";
import { useLocation } from "react-router";

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
