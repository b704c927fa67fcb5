/**
 * The page that an event happened on, for the tools' tags: its address in the last `navigate` (so
 * masked parts stay masked), and its title once the page has set it.
 */
const TITLE_MS = 500;

/**
 * Returns a function that accepts events in order and passes each to `capture` as `(event, page)`,
 * `page` being `{ path, location, title }`. A `navigate` whose page still has the previous title
 * waits for a new one, at most half a second; later events wait behind it.
 */
export function withPages(capture) {
  const waiting = [];
  let path = window.location.pathname ?? "/";
  let lastTitle;
  let timer;
  let observer;

  function flush() {
    clearTimeout(timer);
    observer?.disconnect();
    const { title } = document;
    for (const [event, page] of waiting.splice(0)) {
      if (event.action === "navigate") lastTitle = title;
      capture(event, { ...page, title });
    }
  }

  function wait() {
    timer = setTimeout(flush, TITLE_MS);
    observer ??= new MutationObserver(() => document.title !== lastTitle && flush());
    observer.observe(document.head, { characterData: true, childList: true, subtree: true });
  }

  window.addEventListener?.("pagehide", flush);
  return (event) => {
    const isView = event.action === "navigate";
    if (isView) {
      flush();
      path = event.subject.startsWith("/") ? event.subject : `/${event.subject}`;
    }
    const hadTitle = !isView || lastTitle === undefined || document.title !== lastTitle;
    waiting.push([event, { path, location: window.location.origin + path }]);
    if (isView && !hadTitle) wait();
    else if (waiting.length === 1) flush();
  };
}
