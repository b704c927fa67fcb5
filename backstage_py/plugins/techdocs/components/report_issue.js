/**
 * The link that opens a new issue about a page, and the one about text selected in it.
 *
 * Its texts are those of the ReportIssue add-on of
 * @backstage/plugin-techdocs-module-addons-contrib.
 */
import { createElement, useEffect, useState } from "react";

const SHOWN = 70;
const MOST = 2_000;

function issueAddress(issueUrl, { title, text }) {
  const subject = text ? text.slice(0, SHOWN) : title;
  const quote = text
    ? `#### The highlighted text:\n\n> ${text.slice(0, MOST).replace(/\n/g, "\n> ")}\n\n`
    : "";
  const body =
    `## Documentation feedback\n\n${quote}#### The comment:\n\n` +
    `_Replace this line with your comment_\n\n___\n\nPage: <${location.href}>\n`;
  const name = issueUrl.includes("%5Btitle%5D") ? "issue%5Bdescription%5D" : "body";
  const subjectText = encodeURIComponent(`Documentation feedback: ${subject}`);
  return `${issueUrl}${subjectText}&${name}=${encodeURIComponent(body)}`;
}

/** The selected text in the article, and the position of its end on the page. */
function findSelection() {
  const selection = getSelection();
  const text = selection?.toString().trim();
  if (!text || !selection.rangeCount) return undefined;
  const range = selection.getRangeAt(0);
  const node = range.commonAncestorContainer;
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  if (!element?.closest(".bp-techdocs-article")) return undefined;
  const box = range.getBoundingClientRect();
  return { text, left: box.left + scrollX, top: box.bottom + scrollY };
}

export function ReportIssue({ issueUrl, title, onOpen }) {
  const [selected, setSelected] = useState(undefined);
  useEffect(() => {
    const look = () => setSelected(findSelection());
    document.addEventListener("selectionchange", look);
    return () => document.removeEventListener("selectionchange", look);
  }, []);
  const link = (text, label, props) =>
    createElement(
      "a",
      {
        href: issueUrl,
        target: "_blank",
        rel: "noopener noreferrer",
        onClick: (event) => {
          event.currentTarget.href = issueAddress(issueUrl, { title, text });
          onOpen(label, issueUrl.split("?")[0]);
        },
        ...props,
      },
      label,
      createElement("span", { className: "bp-hidden" }, ", Opens in a new window"),
    );
  return createElement(
    "span",
    null,
    link("", "Report an issue", { className: "bp-link" }),
    selected &&
      link(selected.text, "Report an issue about this text", {
        className: "bp-button bp-techdocs-report",
        style: { left: Math.max(8, Math.min(selected.left, innerWidth - 260)), top: selected.top + 8 },
        onMouseDown: (event) => event.preventDefault(),
      }),
  );
}
