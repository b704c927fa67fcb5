/**
 * Draws an AsyncAPI definition in a frame that has no origin and may ask nobody for anything.
 * The page around it brings the text and the viewer, and opens links.
 */
const page = window.parent;
const place = document.getElementById("definition");

function draw({ text, script, style }) {
  document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  (0, eval)(script); // which makes it global; a frame without an origin is given no files
  window.AsyncApiStandalone.render({ schema: text, config: { show: { sidebar: false } } }, place);
}

window.addEventListener("message", ({ source, data }) => {
  if (source !== page || !data?.script) return;
  try {
    draw(data);
  } catch (error) {
    page.postMessage({ problem: String(error.message ?? error) }, "*");
  }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  page.postMessage({ link: link.href }, "*");
});

new ResizeObserver(() => page.postMessage({ height: place.offsetHeight }, "*")).observe(place);
page.postMessage({ isReady: true }, "*");
