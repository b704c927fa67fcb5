/**
 * Draws Mermaid diagrams. Mermaid is loaded when a page has one; an invalid one stays as text.
 * Nothing in a diagram may run, or change how the rest of the page looks.
 */

const SETTINGS = {
  startOnLoad: false,
  securityLevel: "strict",
  suppressErrorRendering: true,
  fontFamily: "inherit",
  secure: [
    "secure",
    "securityLevel",
    "startOnLoad",
    "maxTextSize",
    "maxEdges",
    "suppressErrorRendering",
    "themeCSS",
    "fontFamily",
    "altFontFamily",
    "dompurifyConfig",
  ],
};

let count = 0;
let waiting = Promise.resolve();

const isDark = () => document.documentElement.classList.contains("dark");

async function draw(figure, source) {
  // Its own bundle: building it from its 1,300 modules would cost seconds at each start.
  const { default: mermaid } = await import("mermaid/dist/mermaid.esm.min.mjs");
  mermaid.initialize({ ...SETTINGS, theme: isDark() ? "dark" : "neutral" });
  count += 1;
  const { svg } = await mermaid.render(`docs-diagram-${count}`, source);
  figure.innerHTML = svg;
  figure.dataset.state = "drawn";
}

function show(figure, source) {
  // One after the other: Mermaid has one configuration for all.
  waiting = waiting.then(() => draw(figure, source)).catch((error) => {
    const note = document.createElement("p");
    note.className = "bp-techdocs-diagram-problem";
    const reason = String(error.message ?? error).split("\n")[0].replace(/:$/, "");
    note.textContent = `This diagram cannot be drawn: ${reason}`;
    const text = document.createElement("pre");
    text.textContent = source;
    text.tabIndex = 0;
    text.setAttribute("role", "region");
    text.setAttribute("aria-label", "Source of the diagram");
    figure.replaceChildren(note, text);
    figure.removeAttribute("role");
    figure.dataset.state = "broken";
  });
}

/** Returns a function that stops following the colour scheme. */
export function drawDiagrams(article) {
  const diagrams = [...article.querySelectorAll("pre.mermaid")].map((block) => {
    const source = block.textContent;
    const figure = document.createElement("div");
    figure.className = "bp-techdocs-diagram";
    figure.dataset.state = "waiting";
    figure.setAttribute("role", "img");
    figure.setAttribute("aria-label", `Diagram: ${source.trim().split("\n")[0]}`);
    block.replaceWith(figure);
    return [figure, source];
  });
  if (!diagrams.length) return undefined;
  const drawAll = () => diagrams.forEach(([figure, source]) => show(figure, source));
  let wasDark = isDark();
  drawAll();
  const scheme = new MutationObserver(() => {
    if (isDark() === wasDark) return;
    wasDark = isDark();
    drawAll();
  });
  scheme.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
  return () => scheme.disconnect();
}
