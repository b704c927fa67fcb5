/** Content that others place below a page's own path; loaded only by apps that have any. */
import { createElement, useLayoutEffect, useState } from "react";
import { useParams } from "react-router";
import { ContentPath, usePagePath } from "./page_path";

/**
 * Content that others place below a page's own path, such as the tabs of an entity page. On
 * entering the page, the page itself is shown first.
 */
export function RoutedContent({ path, children }) {
  const page = usePagePath();
  const rest = useParams()["*"] ?? "";
  const [entered, setEntered] = useState(false);
  useLayoutEffect(() => setEntered(true), []);
  const shown = path === "/" ? rest === "" : `/${rest}/`.startsWith(`${path}/`);
  if (!entered || !shown) return null;
  return createElement(ContentPath.Provider, { value: page + (path === "/" ? "" : path) }, children);
}
