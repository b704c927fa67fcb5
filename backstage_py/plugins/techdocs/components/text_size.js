/** How large the text of documentation is; the browser remembers it. CSS reads `--docs-text`. */
import { createElement, useEffect, useState } from "react";

const KEY = "backstage_py.techdocs.textSize";
const [LEAST, USUAL, MOST, STEP] = [80, 100, 160, 10];

function remembered() {
  try {
    const size = Number(localStorage.getItem(KEY));
    return size >= LEAST && size <= MOST ? size : USUAL;
  } catch {
    return USUAL;
  }
}

export function TextSize() {
  const [size, setSize] = useState(USUAL);
  useEffect(() => setSize(remembered()), []);
  useEffect(() => {
    document.documentElement.style.setProperty("--docs-text", String(size / 100));
  }, [size]);
  const change = (next) => {
    setSize(next);
    try {
      localStorage.setItem(KEY, String(next));
    } catch {
      // Blocked storage: it stays as chosen until the page is reloaded.
    }
  };
  const button = (label, text, next) =>
    createElement(
      "button",
      {
        type: "button",
        className: "bp-icon-button",
        "aria-label": `${text} ${label}`,
        disabled: next < LEAST || next > MOST,
        onClick: () => change(next),
      },
      text,
    );
  return createElement(
    "div",
    { className: "bp-techdocs-text-size", role: "group", "aria-label": "Text size" },
    button("smaller text", "A−", size - STEP),
    createElement("output", null, `${size} %`),
    button("larger text", "A+", size + STEP),
  );
}
