/**
 * Shows the definition of an API. Its text comes over HTTP, and viewers are loaded when needed; no
 * other host is contacted.
 */
import { createElement, useEffect, useRef, useState } from "react";

const LANGUAGES = {
  graphql: () => import("highlight.js/lib/languages/graphql"),
  protobuf: () => import("highlight.js/lib/languages/protobuf"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
};
const HIGHLIGHT_MOST = 500_000;

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

async function showAsyncApi(place, { text }) {
  const [{ default: AsyncApi }] = await Promise.all([
    import("@asyncapi/react-component/browser/standalone/index.js"),
    import("@asyncapi/react-component/styles/default.min.css"),
  ]);
  AsyncApi.render({ schema: text, config: { show: { sidebar: false } } }, place);
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
  if (!answer.ok) throw new Error(`The definition cannot be loaded (HTTP ${answer.status}).`);
  return answer.text();
}

export function DefinitionViewer({ viewer, src, language, canTry, label }) {
  const place = useRef(null);
  const [state, setState] = useState("loading");
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let isCurrent = true;
    const inner = document.createElement(VIEWERS[viewer] ? "div" : "pre");
    place.current.replaceChildren(inner);
    setState("loading");
    setProblem("");
    const show = VIEWERS[viewer] ?? showText;
    load(src)
      .then((text) => isCurrent && show(inner, { src, text, language, canTry }))
      .catch((error) => isCurrent && setProblem(String(error.message ?? error)))
      .finally(() => isCurrent && setState("ready"));
    return () => {
      isCurrent = false;
    };
  }, [viewer, src, language, canTry]);
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
