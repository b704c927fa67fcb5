/** Finds the properties of a page, in any branch of its schema. */

const asList = (value) => (Array.isArray(value) ? value : value ? [value] : []);

/** All properties of a schema by name, including those of its branches. */
export function listProperties(schema, found = {}) {
  if (!schema || typeof schema !== "object") return found;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!(name in found) || property?.title) found[name] = property;
  }
  const branches = [
    ...["oneOf", "anyOf", "allOf", "then", "else"].flatMap((key) => asList(schema[key])),
    ...Object.values(schema.dependencies ?? {}),
  ];
  branches.forEach((branch) => Array.isArray(branch) || listProperties(branch, found));
  return found;
}

/** The values without those of fields that other answers have hidden. */
export function dropHidden(values, schema, shown) {
  const possible = Object.keys(listProperties(schema));
  const hidden = new Set(possible.filter((name) => !(name in (shown.properties ?? {}))));
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => !hidden.has(name) && value !== undefined),
  );
}

/** The schema at a place such as `.repository.branch`. */
export function nodeAt(schema, property) {
  let node = schema;
  for (const name of partPlace(property)) node = listProperties(node)[name] ?? node?.items;
  return node;
}

/** The title of a place. */
export function titleAt(schema, property) {
  return nodeAt(schema, property)?.title ?? partPlace(property).at(-1) ?? "";
}

const partPlace = (property) => property.split(".").filter(Boolean);

const MASK = "••••••";
const MASKED_FIELDS = new Set(["Secret"]);
const MASKED_WIDGETS = new Set(["password"]);

function optionOf(uiSchema, name) {
  return uiSchema?.[`ui:${name}`] ?? uiSchema?.["ui:options"]?.[name];
}

export function isMasked(uiSchema) {
  return (
    MASKED_FIELDS.has(optionOf(uiSchema, "field")) ||
    MASKED_WIDGETS.has(optionOf(uiSchema, "widget"))
  );
}

function nameChoice(value, schema, uiSchema) {
  const names = optionOf(uiSchema, "enumNames");
  const index = schema?.enum?.indexOf(value) ?? -1;
  const choice = schema?.oneOf?.find?.((one) => "const" in one && one.const === value);
  return names?.[index] ?? choice?.title;
}

function write(value, schema, uiSchema) {
  const named = nameChoice(value, schema, uiSchema);
  if (named !== undefined) return String(named);
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (Array.isArray(value)) {
    const separator = value.some((one) => typeof one === "object") ? "\n" : ", ";
    return value.map((one) => write(one, schema?.items, uiSchema?.items)).join(separator);
  }
  if (value !== null && typeof value === "object") {
    return reviewObject(schema, uiSchema, value)
      .map(({ title, text }) => `${title}: ${text}`)
      .join(", ");
  }
  return String(value);
}

/** The answers of a page in the order of its form, for review. */
export function reviewPage({ schema, ui_schema: uiSchema }, values) {
  const own = Object.keys(listProperties(schema)).filter((name) => name in values);
  return reviewObject(
    schema,
    uiSchema,
    Object.fromEntries(own.map((name) => [name, values[name]])),
  );
}

/** Objects may have more than their schema names. */
function reviewObject(schema, uiSchema, values, prefix = "") {
  const properties = listProperties(schema);
  return Object.keys({ ...properties, ...values }).flatMap((name) => {
    const value = values[name];
    const property = properties[name];
    const ui = uiSchema?.[name];
    const { show = true, mask } = optionOf(ui, "backstage")?.review ?? {};
    if (value === undefined || !show || optionOf(ui, "widget") === "hidden") return [];
    const title = prefix + (optionOf(ui, "title") ?? property?.title ?? name);
    if (mask) return [{ name, title, text: String(mask) }];
    if (isMasked(ui)) return [{ name, title, text: MASK }];
    const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
    if (isObject) return reviewObject(property, ui, value, `${title} › `);
    return [{ name, title, text: write(value, property, ui) }];
  });
}

/** The values without those of secrets, which hold no more than asterisks. */
export function dropSecrets(pages, values) {
  return pages.reduce((kept, page) => withoutSecrets(page.ui_schema, kept), values);
}

function withoutSecrets(uiSchema, values) {
  if (values === null || typeof values !== "object" || Array.isArray(values)) return values;
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => !MASKED_FIELDS.has(optionOf(uiSchema?.[name], "field")))
      .map(([name, value]) => [name, withoutSecrets(uiSchema?.[name], value)]),
  );
}
