/** The headings of a page; the one that is being read is marked. */
import { createElement, useEffect, useState } from "react";
import { addressOf, jumpTo, opensElsewhere } from "./docs_links.js";

const TOP = 120;

/** The last heading above the upper part of the window. */
function findCurrent(rows) {
  let current = "";
  for (const { id } of rows) {
    const place = document.getElementById(`doc-${id}`);
    if (place && place.getBoundingClientRect().top <= TOP) current = id;
  }
  return current;
}

export function DocsToc({ rows, onOpen }) {
  const [current, setCurrent] = useState("");
  useEffect(() => {
    let frame;
    const look = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => setCurrent(findCurrent(rows)));
    };
    look();
    addEventListener("scroll", look, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("scroll", look);
    };
  }, [rows]);

  const jump = (event, row) => {
    const hash = `#${encodeURIComponent(row.id)}`;
    onOpen(row.title, addressOf(new URL(hash, location.href)));
    if (opensElsewhere(event)) return;
    event.preventDefault();
    jumpTo(hash);
  };

  return createElement(
    "ul",
    null,
    rows.map((row) =>
      createElement(
        "li",
        { key: row.id, style: { "--depth": row.depth } },
        createElement(
          "a",
          {
            href: `#${encodeURIComponent(row.id)}`,
            onClick: (event) => jump(event, row),
            "aria-current": row.id === current ? "true" : undefined,
          },
          row.title,
        ),
      ),
    ),
  );
}
