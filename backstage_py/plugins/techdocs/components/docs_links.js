/** Follows links of a documentation, and scrolls to places in a page. */

const ID_PREFIX = "doc-";

/** The address of a link within the portal, or the full address of another site. */
export const addressOf = (url) =>
  url.origin === location.origin ? url.pathname + url.search + url.hash : url.href;

const decoded = (hash) => {
  try {
    return decodeURIComponent(hash.replace(/^#/, ""));
  } catch {
    return hash.replace(/^#/, "");
  }
};

/** Opens what hides an element: folded details, and the tab that it is in. */
function reveal(element) {
  for (let one = element.parentElement; one; one = one.parentElement) {
    if (one.tagName === "DETAILS") one.open = true;
    if (one.hidden && one.id) document.querySelector(`[aria-controls="${one.id}"]`)?.click();
  }
}

/** Scrolls to the place that a hash names; ids in documentation have a prefix. */
export function scrollToHash(hash) {
  const id = decoded(hash);
  const place = id && document.getElementById(ID_PREFIX + id);
  if (!place || !place.closest(".bp-techdocs-article")) return false;
  reveal(place);
  place.scrollIntoView();
  place.setAttribute("tabindex", "-1");
  place.focus({ preventScroll: true });
  return true;
}

/** A jump within the page: as in Backstage it is not a navigation. */
export function jumpTo(hash) {
  if (location.hash !== hash) history.pushState(history.state, "", hash);
  scrollToHash(hash);
}

export const opensElsewhere = (event) =>
  event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
