/** Loads a script of a tool from the address that the owner has configured. */
export function loadScript(src, { async = true } = {}) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src, async });
    script.dataset.analyticsTag = "";
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${src} was not loaded`));
    document.head.append(script);
  });
}
