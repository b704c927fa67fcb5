/**
 * The text and the target of a link.
 *
 * The text rule is that of `getNodeText` of @backstage/core-components 0.18.14 (Link).
 */
// The URL standard strips these from a scheme before parsing (section 4.4).
const IGNORED_IN_URL = /[\u0000-\u0020]/g;
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;

/** Strings and numbers as they are, lists joined by one space and trimmed, elements by their children. */
export function textOf(node) {
  if (typeof node === "string" || typeof node === "number") return String(node);
  if (Array.isArray(node)) return node.map(textOf).join(" ").trim();
  if (node && typeof node === "object") return textOf(node.props?.children);
  return "";
}

/** An element that is only an icon may still have an accessible name. */
export function nameOf(element) {
  const named = [element, ...element.querySelectorAll("[aria-label], [alt], [title]")];
  const names = named.map(
    (one) => one.getAttribute("aria-label") || one.getAttribute("alt") || one.getAttribute("title"),
  );
  return names.find(Boolean)?.trim() ?? "";
}

/** The address as text: `to` of React Router may also be an object of its parts. */
export const addressOf = (to) =>
  typeof to === "object" && to !== null
    ? `${to.pathname ?? ""}${to.search ?? ""}${to.hash ?? ""}`
    : String(to ?? "");

/** The scheme in lower case, even if disguised by white space; empty within the app. */
export const schemeOf = (address) =>
  SCHEME.exec(address.replace(IGNORED_IN_URL, ""))?.[1].toLowerCase();

/** Whether the address is a path that has to be resolved against another one. */
export const isRelativePath = (address) => !/^[/?#]|^$/.test(address) && !schemeOf(address);
