/** Click a link; resolves with the milliseconds until a heading is on the screen. */
([link, heading]) =>
  new Promise((resolve) => {
    const isShown = () =>
      [...document.querySelectorAll("h1")].some((element) => element.textContent === heading);
    const start = performance.now();
    const observer = new MutationObserver(() => {
      if (!isShown()) return;
      observer.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - start));
    });
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    [...document.querySelectorAll("a")].find((a) => a.textContent === link).click();
  });
