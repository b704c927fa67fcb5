/** The navigation of a documentation: sections fold, and the current one is open. */
import { createElement, useEffect, useState } from "react";
import { Link, useLocation } from "react-router";

const withoutEnd = (path) => path.replace(/\/$/, "");

const isHere = (node, path) => Boolean(node.to) && withoutEnd(node.to) === path;

const holds = (node, path) =>
  isHere(node, path) || node.children.some((child) => holds(child, path));

function Entry({ node, path, onOpen }) {
  const isWeb = /^https?:/.test(node.to);
  const isFile = node.to.startsWith("/api/");
  const shared = { onClick: () => onOpen(node.title, node.to) };
  if (isWeb || isFile) {
    return createElement(
      "a",
      { ...shared, href: node.to, target: "_blank", rel: "noopener noreferrer" },
      node.title,
      createElement("span", { className: "bp-hidden" }, ", Opens in a new window"),
    );
  }
  const current = isHere(node, path) ? "page" : undefined;
  return createElement(Link, { ...shared, to: node.to, "aria-current": current }, node.title);
}

function Section({ node, path, depth, onOpen }) {
  const isInside = holds(node, path);
  const [isOpen, setOpen] = useState(depth === 0 || isInside);
  useEffect(() => {
    if (isInside) setOpen(true);
  }, [isInside]);
  return createElement(
    "details",
    { open: isOpen, onToggle: (event) => setOpen(event.currentTarget.open) },
    createElement("summary", null, node.title),
    createElement(Entries, { nodes: node.children, path, depth: depth + 1, onOpen }),
  );
}

function Entries({ nodes, path, depth, onOpen }) {
  return createElement(
    "ul",
    null,
    nodes.map((node, index) =>
      createElement(
        "li",
        { key: `${index} ${node.to}` },
        node.children.length
          ? createElement(Section, { node, path, depth, onOpen })
          : createElement(Entry, { node, path, onOpen }),
      ),
    ),
  );
}

/** On a narrow screen it is folded at first. */
export function DocsNav({ nodes, label, onOpen }) {
  const { pathname } = useLocation();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(false), [pathname]);
  return createElement(
    "nav",
    { className: "bp-techdocs-nav", "aria-label": label, "data-open": isOpen },
    createElement(
      "button",
      {
        type: "button",
        className: "bp-button bp-techdocs-nav-button",
        "aria-expanded": isOpen,
        onClick: () => setOpen(!isOpen),
      },
      "All pages",
    ),
    createElement(Entries, {
      nodes,
      path: withoutEnd(pathname),
      depth: 0,
      onOpen,
    }),
  );
}
