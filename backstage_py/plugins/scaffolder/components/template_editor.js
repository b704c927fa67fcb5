/** The editor of templates; its libraries are loaded where it is shown. */
import { createElement, lazy, Suspense } from "react";

const Editor = lazy(() => import("./editor.js"));

export function TemplateEditor(props) {
  const wait = createElement("div", {
    className: "bp-skeletons bp-scaffolder-editor-wait",
    role: "status",
    "aria-label": "Loading",
  });
  return createElement(Suspense, { fallback: wait }, createElement(Editor, props));
}
