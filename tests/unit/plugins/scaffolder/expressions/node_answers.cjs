// Renders a list of strings with Backstage's engine as Node.js runs it: {values, context} on stdin.
const fs = require("node:fs");
const path = require("node:path");

const folder = process.argv[2];
const { createTemplateRenderer } = require(path.join(folder, "nunjitsu/index.cjs"));
const { filters, globals } = eval(fs.readFileSync(path.join(folder, "filters.js"), "utf8"));
const { values, context } = JSON.parse(fs.readFileSync(0, "utf8"));
const renderer = createTemplateRenderer({ allowRegexExecution: true, filters, globals });
const prepared = renderer.prepareContext(context);

const answers = values.map((value) => {
  try {
    const rendered = renderer.renderValue(value, prepared, { coercion: "json" });
    return rendered === undefined ? null : rendered;
  } catch {
    return value;
  }
});
process.stdout.write(JSON.stringify(answers));
