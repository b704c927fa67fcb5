/** The problems of a form's values, in words. */
import { nodeAt, titleAt } from "./form_values.js";

const SENTENCES = {
  required: () => "is required",
  enum: () => "must be one of the choices",
  minItems: ({ limit }) => `must have at least ${limit} ${limit === 1 ? "entry" : "entries"}`,
  maxItems: ({ limit }) => `must have at most ${limit} ${limit === 1 ? "entry" : "entries"}`,
  minLength: ({ limit }) => `must be at least ${limit} characters long`,
  maxLength: ({ limit }) => `must be at most ${limit} characters long`,
  pattern: () => "does not have the right form",
};
const BRANCHING = new Set(["oneOf", "anyOf", "if", "allOf"]);

/**
 * The validator's errors, each with a message that people understand.
 *
 * A template's own words come first: `ui:errorMessage`, then the schema's `errorMessage`. A value
 * with a wrong format gets the field's description, never its regular expression. A schema that
 * cannot be used gives one error about the form itself.
 */
export function transformErrors(errors, schema, uiSchema = {}) {
  return errors.filter((error) => !BRANCHING.has(error.name)).map((error) => {
    if (!error.name) return describeBrokenForm(error);
    const property = placeOf(error);
    const title = error.title || titleAt(schema, property);
    const own = ownMessage(uiSchema, property);
    const message = own ?? sayIn(error, nodeAt(schema, property)) ?? error.message;
    const isSentence = own !== undefined || error.name === "errorMessage";
    return { ...error, property, message, stack: isSentence ? message : `${title} ${message}`.trim() };
  });
}

function describeBrokenForm({ message, stack }) {
  const reason = message ?? stack ?? "its schema is wrong";
  const text = `This form cannot be checked, because the template has a mistake: ${reason}`;
  return { name: "schema", property: ".", message: text, stack: text, params: {} };
}

/** Missing answers that a template has its own words for are at the fields they are missing in. */
function placeOf(error) {
  const missing = error.params?.errors?.find((one) => one.keyword === "required");
  const property = error.property ?? "";
  if (error.name !== "errorMessage" || !missing) return property;
  return `${property}.${missing.params.missingProperty}`;
}

function ownMessage(uiSchema, property) {
  let node = uiSchema;
  for (const name of property.split(".").filter(Boolean)) node = node?.[name] ?? node?.items;
  return node?.["ui:errorMessage"] ?? node?.["ui:options"]?.errorMessage;
}

function sayIn(error, node) {
  const sentence = SENTENCES[error.name]?.(error.params);
  const description = error.name === "pattern" && node?.description;
  return description ? `${sentence}. ${description}` : sentence;
}
