/**
 * What can be written at a place of a YAML text, by a JSON Schema.
 *
 * Knows what the schemas of templates use: `properties`, `additionalProperties`, `items`, `$ref`
 * into `#/definitions`, `allOf`, `anyOf`, `oneOf`, and `if` about constants of the same object.
 */
import { outline, pathTo } from "./yaml_outline.js";

const DEEPEST = 12;
const INDENT = "  ";

/** The schemas that apply to a node at once, without references and branches. */
function expand(schema, node, root, depth = 0) {
  if (!schema || typeof schema !== "object" || depth > DEEPEST) return [];
  if (schema.$ref) {
    const name = schema.$ref.replace("#/definitions/", "");
    return expand(root.definitions?.[name], node, root, depth + 1);
  }
  const branches = ["allOf", "anyOf", "oneOf"].flatMap((key) => schema[key] ?? []);
  const chosen = schema.if && schema.then && holds(schema.if, node) ? [schema.then] : [];
  return [
    schema,
    ...[...branches, ...chosen].flatMap((one) => expand(one, node, root, depth + 1)),
  ];
}

function holds(condition, node) {
  return Object.entries(condition.properties ?? {}).every(([key, { const: wanted }]) => {
    const child = node?.children.find((one) => one.key === key);
    return child && unquote(child.value) === wanted;
  });
}

const unquote = (text) => text.replace(/^(["'])(.*)\1$/, "$2");

function below(schemas, node) {
  if (node.key === undefined) return schemas.map((schema) => schema.items).filter(Boolean);
  return schemas
    .map((schema) => schema.properties?.[node.key] ?? schema.additionalProperties)
    .filter((one) => one && typeof one === "object");
}

/** The schemas of the node that a path ends at. */
function schemasAt(path, root) {
  let schemas = [root];
  let parent = path[0]?.parent;
  for (const node of path) {
    schemas = below(schemas.flatMap((one) => expand(one, parent, root)), node);
    parent = node;
  }
  return schemas.flatMap((one) => expand(one, parent, root));
}

const typeOf = (schemas) => schemas.map(({ type }) => type).find(Boolean);

function describe(schemas) {
  const type = typeOf(schemas);
  const detail = Array.isArray(type) ? type.join(" or ") : type;
  const info = schemas.map((one) => one.description ?? one.title).find(Boolean);
  return { detail, info };
}

/** What follows a key of this type, when it is chosen. */
function follow(key, schemas, column) {
  const pad = "\n" + " ".repeat(column) + INDENT;
  const type = typeOf(schemas);
  if (type === "object") return `${key}:${pad}`;
  if (type === "array") return `${key}:${pad}- `;
  return `${key}: `;
}

function keysFor(cursor, root) {
  const { parent } = cursor;
  const known = schemasAt(pathTo(parent), root);
  const taken = new Set(parent.children.filter((one) => one.row !== cursor.row).map(({ key }) => key));
  const required = new Set(known.flatMap((schema) => schema.required ?? []));
  const found = new Map();
  for (const { properties = {} } of known) {
    for (const [key, schema] of Object.entries(properties)) {
      if (!taken.has(key)) found.set(key, [...(found.get(key) ?? []), ...expand(schema, null, root)]);
    }
  }
  return [...found].map(([key, schemas]) => ({
    label: key,
    type: "property",
    ...describe(schemas),
    apply: cursor.isDraft ? follow(key, schemas, cursor.column) : key,
    boost: required.has(key) ? 1 : 0,
  }));
}

function valuesFor(path, root) {
  const schemas = schemasAt(path, root);
  const found = new Map();
  const add = (value, info) => {
    if (value !== null && typeof value !== "object") found.set(String(value), info);
  };
  for (const schema of schemas) {
    schema.enum?.forEach((value) => add(value));
    schema.examples?.forEach((value) => add(value));
    if (schema.const !== undefined) add(schema.const, schema.description);
    if ([schema.type].flat().includes("boolean")) [true, false].forEach((value) => add(value));
  }
  return [...found].map(([label, info]) => ({ label, type: "enum", info }));
}

const namesBelow = (node, ...keys) =>
  keys.reduce((nodes, key) => nodes.flatMap((one) => one.children.filter((child) => child.key === key)), [node]);

/** Every field of the form, wherever a page has it. */
function listFields(node) {
  const here = node.key === "properties" ? node.children.map(({ key }) => key) : [];
  return [...here, ...node.children.flatMap(listFields)].filter(Boolean);
}

/** What an expression can use: the fields of the form, the steps before, and what is always there. */
function namesFor(root) {
  const fields = namesBelow(root, "spec", "parameters").flatMap(listFields);
  const steps = namesBelow(root, "spec", "steps")
    .flatMap((node) => node.children.flatMap((item) => item.children))
    .filter(({ key, value }) => key === "id" && value)
    .map(({ value }) => unquote(value));
  const names = [
    ...fields.map((name) => `parameters.${name}`),
    ...steps.map((id) => (/^\w+$/.test(id) ? `steps.${id}.output.` : `steps['${id}'].output.`)),
    "user.ref",
    "user.entity.",
    "context.task.id",
    "each.key",
    "each.value",
  ];
  return [...new Set(names)].map((label) => ({ label, type: "variable" }));
}

/**
 * What can be written at an offset of a text: where the replaced part begins, and the options.
 *
 * Null where there is nothing to propose. An option has `label`, `apply`, `detail`, `info`, `boost`.
 */
export function complete(text, offset, schema) {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const row = text.slice(0, start).split("\n").length - 1;
  const before = text.slice(start, offset);
  const expression = /\$\{\{[^}]*?([\w.'[\]]*)$/.exec(before);
  const { root, cursor } = outline(text, row, before.length);
  if (expression) return answer(offset - expression[1].length, namesFor(root));
  if (!cursor) return null;
  const typed = before.slice(cursor.column);
  const afterKey = cursor.isDraft ? null : /^(?:"[^"]*"|'[^']*'|[^\s"'][^#]*?)\s*:\s+(.*)$/.exec(typed);
  if (afterKey) return answer(offset - afterKey[1].length, valuesFor(pathTo(cursor), schema));
  if (/[\s]$/.test(typed) && typed.trim()) return null;
  const isEntry = cursor.isDraft && cursor.parent.key === undefined && cursor.parent.column >= 0;
  const options = [
    ...keysFor(cursor, schema),
    ...(isEntry ? valuesFor(pathTo(cursor.parent), schema) : []),
  ];
  return answer(offset - typed.trimStart().length, options);
}

const answer = (from, options) => (options.length ? { from, options } : null);
