// Renders for Python: answers one request, a JSON text, with another.
// The engine is Backstage's own, unchanged; what it asks of Node.js is given here.
//
// A request is {value, context} of a step, {value, context, failed} of a condition, or
// {text, context, options} of a file. The answer is {value}, without it if nothing is left,
// or {error}; `problems` names the strings of a value that stayed as they were written.

const errorTag = (value) => Object.prototype.toString.call(value) === "[object Error]";
const NODE_MODULES = {
  "node:crypto": { randomInt: (maximum) => Math.floor(Math.random() * maximum) },
  "node:util": {
    types: {
      isProxy: () => false, // values come out of JSON
      isMap: (value) => value instanceof Map,
      isSet: (value) => value instanceof Set,
      isNativeError: errorTag,
    },
  },
};

function loadEngine(source) {
  const module = {};
  const Buffer = { byteLength: (text) => unescape(encodeURIComponent(text.toWellFormed())).length };
  new Function("exports", "require", "Buffer", source)(module, (name) => NODE_MODULES[name], Buffer);
  return module;
}

function requireExtension(given) {
  for (const [kind, named] of Object.entries(Object(given))) {
    if (kind !== "filters" && kind !== "globals") {
      throw new TypeError(`an extension gives ${kind}; it may give filters and globals`);
    }
    for (const [name, one] of Object.entries(named)) {
      if (kind === "filters" && typeof one !== "function") {
        throw new TypeError(`the filter ${name} is not a function`);
      }
    }
  }
  if (!given?.filters && !given?.globals) {
    throw new TypeError("an extension must give filters or globals: ({ filters: { ... } })");
  }
  return given;
}

function createAnswer(source, extensions, limits) {
  const { createTemplateRenderer } = loadEngine(source);
  const given = extensions.map((one) => requireExtension((0, eval)(`"use strict";${one}`)));
  const filters = Object.assign({}, ...given.map((one) => one.filters));
  const globals = Object.assign({}, ...given.map((one) => one.globals));
  const status = { failed: false, isAsked: false };
  const ask = (answer) => () => {
    status.isAsked = true;
    return answer();
  };
  const renderers = new Map();

  const rendererFor = (options) => {
    const key = JSON.stringify(options);
    if (!renderers.has(key)) {
      const given = { allowRegexExecution: true, filters, globals, ...options };
      renderers.set(key, createTemplateRenderer(given));
    }
    return renderers.get(key);
  };
  const ofValues = createTemplateRenderer({ allowRegexExecution: true, filters, globals });
  const ofConditions = createTemplateRenderer({
    allowRegexExecution: true,
    filters,
    globals: { ...globals, always: ask(() => true), failure: ask(() => status.failed) },
  });

  function renderValue({ value, context, failed }) {
    const renderer = failed === undefined ? ofValues : ofConditions;
    const prepared = renderer.prepareContext(context);
    const problems = [];
    status.failed = Boolean(failed);
    status.isAsked = false;
    const rendered = JSON.parse(JSON.stringify(value), (_key, one) => {
      if (typeof one !== "string") return one;
      try {
        return renderer.renderValue(one, prepared, { coercion: "json", limits });
      } catch (error) {
        problems.push(`${shorten(one)}: ${error.message}`);
        return one;
      }
    });
    return { value: rendered, problems, isStatusAsked: status.isAsked };
  }

  function renderFile({ text, context, options }) {
    try {
      return { value: rendererFor(options).render(text, context, { limits }) };
    } catch (error) {
      return { error: `${shorten(text)}: ${error.message}` };
    }
  }

  return (request) => {
    const asked = JSON.parse(request);
    return JSON.stringify("text" in asked ? renderFile(asked) : renderValue(asked));
  };
}

function shorten(text) {
  const line = text.split(/\s+/).join(" ").trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
