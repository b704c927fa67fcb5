/** The current page, for code that resolves addresses against it; loaded only where it is used. */
import { createContext, useContext } from "react";
import { resolvePath, useLocation, useParams } from "react-router";
import { isRelativePath } from "./subject";

/** The path of the page, without the open-ended part of its route. */
export function usePagePath() {
  const { pathname } = useLocation();
  const rest = useParams()["*"] ?? "";
  if (!rest) return pathname;
  return pathname.split("/").slice(0, -rest.split("/").length).join("/") || "/";
}

export const ContentPath = createContext(undefined);

/** A relative path, resolved against the page or content that contains it. */
export function useResolvedAddress(address) {
  const page = usePagePath();
  const content = useContext(ContentPath);
  const isOpenEnded = "*" in useParams();
  return isOpenEnded && isRelativePath(address) ? resolvePath(address, content ?? page) : address;
}
