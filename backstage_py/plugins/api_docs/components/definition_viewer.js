/**
 * Shows the definition of an API. Its text comes over HTTP, and viewers are loaded when needed; no
 * other host is contacted.
 */
import asyncApiScript from "@asyncapi/react-component/browser/standalone/index.js?url";
import asyncApiStyle from "@asyncapi/react-component/styles/default.min.css?url";
import { createElement, useEffect, useRef, useState } from "react";

const LANGUAGES = {
  graphql: () => import("highlight.js/lib/languages/graphql"),
  protobuf: () => import("highlight.js/lib/languages/protobuf"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
};
const HIGHLIGHT_MOST = 500_000;
const FRAME_MOST_PX = 100_000;

async function showOpenApi(place, { src, canTry }) {
  const [{ default: SwaggerUI }] = await Promise.all([
    import("swagger-ui-dist/swagger-ui-es-bundle.js"),
    import("swagger-ui-dist/swagger-ui.css"),
  ]);
  SwaggerUI({
    domNode: place,
    url: src,
    validatorUrl: null,
    deepLinking: false,
    ...(canTry ? {} : { supportedSubmitMethods: [], requestInterceptor: refuseOtherHosts }),
  });
}

function refuseOtherHosts(request) {
  if (new URL(request.url, location.href).origin === location.origin) return request;
  throw new Error(`References to other hosts are not followed: ${request.url}`);
}

/**
 * AsyncAPI's viewer puts HTML and links of the definition's author into its page. So its page is a
 * sandboxed frame without an origin, which can reach neither the portal nor other hosts.
 */
async function showAsyncApi(place, { text, frame, label, signal, fail }) {
  const [script, style] = await Promise.all([load(asyncApiScript), load(asyncApiStyle)]);
  const iframe = Object.assign(document.createElement("iframe"), { src: frame, title: label });
  iframe.sandbox = "allow-scripts";
  const hear = ({ source, data }) => {
    if (source !== iframe.contentWindow) return;
    const { isReady, height, link, problem } = data ?? {};
    if (isReady) iframe.contentWindow.postMessage({ text, script, style }, "*");
    if (height) iframe.style.height = `${Math.min(height, FRAME_MOST_PX)}px`;
    if (link) openLink(String(link));
    if (problem) fail(String(problem));
  };
  window.addEventListener("message", hear, { signal });
  place.replaceChildren(iframe);
}

/** Only on a click, since scripts in the frame can ask for it too. */
function openLink(address) {
  if (!/^https?:\/\//i.test(address) || !navigator.userActivation.isActive) return;
  window.open(address, "_blank", "noopener,noreferrer");
}

async function showText(place, { text, language }) {
  const code = document.createElement("code");
  code.textContent = text;
  place.replaceChildren(code);
  if (text.length > HIGHLIGHT_MOST || !LANGUAGES[language]) return;
  const [{ default: highlighter }, { default: grammar }] = await Promise.all([
    import("highlight.js/lib/core"),
    LANGUAGES[language](),
  ]);
  highlighter.registerLanguage(language, grammar);
  code.innerHTML = highlighter.highlight(text, { language }).value;
}

const VIEWERS = { openapi: showOpenApi, asyncapi: showAsyncApi };

async function load(src) {
  const answer = await fetch(src);
  if (!answer.ok) throw new Error(`This cannot be loaded (HTTP ${answer.status}).`);
  return answer.text();
}

export function DefinitionViewer({ viewer, src, frame, language, canTry, label }) {
  const place = useRef(null);
  const [state, setState] = useState("loading");
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const inner = document.createElement(VIEWERS[viewer] ? "div" : "pre");
    place.current.replaceChildren(inner);
    setState("loading");
    setProblem("");
    const fail = (message) => signal.aborted || setProblem(message);
    const show = VIEWERS[viewer] ?? showText;
    load(src)
      .then(
        (text) =>
          signal.aborted || show(inner, { src, text, frame, language, canTry, label, signal, fail }),
      )
      .catch((error) => fail(String(error.message ?? error)))
      .finally(() => setState("ready"));
    return () => leaving.abort();
  }, [viewer, src, frame, language, canTry, label]);
  return createElement(
    "div",
    { className: "bp-api-docs-definition", "data-can-try": canTry, "aria-busy": state === "loading" },
    problem && createElement("p", { role: "alert", className: "bp-card bp-warning" }, problem),
    createElement("div", {
      ref: place,
      role: "region",
      "aria-label": label,
      tabIndex: 0,
      className: VIEWERS[viewer] ? "bp-api-docs-viewer" : "bp-code",
    }),
  );
}
