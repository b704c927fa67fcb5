/** The last pages of this tab, the newest first; they stay in the browser. */
import { createElement, useEffect, useState } from "react";
import { Link, useLocation } from "react-router";

const KEY = "backstage_py.recent";
const KEPT = 6;

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

/** Remembers each page once the window has its title. */
export function RecordPages() {
  const { pathname } = useLocation();
  useEffect(() => {
    const note = () => {
      const title = document.title.split(" | ")[0];
      if (!title) return;
      const others = read().filter((page) => page.path !== pathname);
      try {
        sessionStorage.setItem(KEY, JSON.stringify([{ path: pathname, title }, ...others].slice(0, KEPT)));
      } catch {
        // Blocked storage: nothing is recent.
      }
    };
    const timer = setTimeout(note, 1500);
    return () => clearTimeout(timer);
  }, [pathname]);
  return null;
}

export function RecentPages({ heading, onOpen }) {
  const { pathname } = useLocation();
  const [pages] = useState(() => read().filter((page) => page.path !== pathname).slice(0, 5));
  if (!pages.length) return null;
  return createElement(
    "section",
    { className: "bp-search-commands" },
    createElement("h2", null, heading),
    ...pages.map(({ path, title }) =>
      createElement(
        Link,
        { key: path, to: path, className: "bp-search-command", onClick: () => onOpen(title, path) },
        title,
      ),
    ),
  );
}
