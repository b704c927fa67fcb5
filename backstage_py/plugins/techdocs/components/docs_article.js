/**
 * Shows the clean HTML of a page and makes it interactive: links go through the portal and report
 * their clicks, code can be copied, tabs switch, diagrams are drawn.
 *
 * Clicks work as in TechDocsReaderPageContent of @backstage/plugin-techdocs.
 */
import { createElement, useEffect, useLayoutEffect, useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { drawDiagrams } from "./docs_diagrams.js";
import { addressOf, jumpTo, opensElsewhere, scrollToHash } from "./docs_links.js";
import { makeTabs } from "./docs_tabs.js";

const OPENS_NEW_WINDOW = ", Opens in a new window";
const COPIED_SECONDS = 2;

const isFile = (url) => url.origin === location.origin && url.pathname.startsWith("/api/");

/** The address of a link, or undefined if it is invalid. */
function urlOf(anchor) {
  try {
    return new URL(anchor.getAttribute("href"), location.href);
  } catch {
    return undefined;
  }
}

/** Files and other sites open beside the portal; pages stay below `base`. */
function prepareLinks(article, { readerBase, base }) {
  for (const anchor of article.querySelectorAll("a[href]")) {
    const url = urlOf(anchor);
    anchor.dataset.text = anchor.textContent.replace(/\s+/g, " ").trim();
    if (!url) continue;
    const isHere = url.origin === location.origin;
    if (isHere && base !== readerBase && `${url.pathname}/`.startsWith(`${readerBase}/`)) {
      anchor.setAttribute("href", base + url.pathname.slice(readerBase.length) + url.hash);
    }
    if (/^https?:$/.test(url.protocol) && (!isHere || isFile(url)) && !anchor.download) {
      anchor.target = "_blank";
      const hint = document.createElement("span");
      hint.className = "bp-hidden";
      hint.textContent = OPENS_NEW_WINDOW;
      anchor.append(hint);
    }
  }
}

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not copied";
  }
  setTimeout(() => (button.textContent = "Copy"), COPIED_SECONDS * 1000);
}

function addCopyButtons(article) {
  for (const code of article.querySelectorAll("pre:not(.mermaid) > code")) {
    const box = document.createElement("div");
    box.className = "bp-techdocs-code";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "bp-techdocs-copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy code");
    button.addEventListener("click", () => copy(button, code.textContent));
    const block = code.parentElement;
    block.tabIndex = 0;
    block.setAttribute("role", "region");
    block.setAttribute("aria-label", "Code");
    block.replaceWith(box);
    box.append(block, button);
  }
}

function boxTables(article) {
  for (const table of article.querySelectorAll("table:not(.highlighttable)")) {
    const box = document.createElement("div");
    box.className = "bp-techdocs-table";
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "Table");
    table.replaceWith(box);
    box.append(table);
  }
}

/** Headings are listed beside the page; their own links are for the mouse, not for their names. */
function quietHeadings(article) {
  for (const anchor of article.querySelectorAll(".headerlink")) {
    anchor.tabIndex = -1;
    anchor.setAttribute("aria-hidden", "true");
  }
}

function nameTasks(article) {
  for (const task of article.querySelectorAll(".task-done, .task-open")) {
    task.setAttribute("role", "img");
    task.setAttribute("aria-label", task.className === "task-done" ? "Done" : "Open");
  }
}

export function DocsArticle({ html, readerBase, base, title, onOpen }) {
  const place = useRef(null);
  const navigate = useNavigate();
  const { hash, key } = useLocation();

  useLayoutEffect(() => {
    const article = place.current;
    article.innerHTML = html;
    prepareLinks(article, { readerBase, base });
    nameTasks(article);
    quietHeadings(article);
    makeTabs(article);
    boxTables(article);
    addCopyButtons(article);
    return drawDiagrams(article);
  }, [html, readerBase, base]);

  useEffect(() => {
    if (hash) scrollToHash(hash);
  }, [html, hash, key]);

  const open = (event) => {
    const anchor = event.target.closest("a[href]");
    const url = anchor && urlOf(anchor);
    if (!anchor || event.defaultPrevented) return;
    if (!url || !/^(https?|mailto|tel):$/.test(url.protocol)) {
      event.preventDefault();
      return;
    }
    const to = addressOf(url);
    onOpen(anchor.dataset.text || to, to);
    const isOwn = url.origin === location.origin && !isFile(url) && !anchor.target;
    if (!isOwn || anchor.hasAttribute("download") || opensElsewhere(event)) return;
    event.preventDefault();
    if (url.hash && url.pathname === location.pathname) jumpTo(url.hash);
    else navigate(to);
  };

  return createElement("article", {
    ref: place,
    className: "bp-techdocs-article",
    "aria-label": title,
    onClick: open,
  });
}
