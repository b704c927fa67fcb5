/** The graph of entities; the drawing code is loaded when needed. */
import { createElement, lazy, Suspense } from "react";

const Drawing = lazy(() => import("./drawing.js"));

export function EntityGraph(props) {
  const wait = createElement("div", {
    className: "bp-catalog-graph bp-skeletons",
    role: "status",
    "aria-label": "Loading",
  });
  return createElement(Suspense, { fallback: wait }, createElement(Drawing, props));
}
