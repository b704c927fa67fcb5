/**
 * One page of a template's form, from its JSON Schema.
 *
 * The schemas come from the portal's server, split into a schema and a uiSchema.
 */
import { createElement as h, forwardRef, useMemo } from "react";
import Form, { getDefaultRegistry } from "@rjsf/core";
import { customizeValidator } from "@rjsf/validator-ajv8";
import ajvErrors from "ajv-errors";
import { FIELDS, RULES } from "./field_extensions.js";
import { TEMPLATES } from "./form_templates.js";
import { transformErrors } from "./form_errors.js";

const validator = customizeValidator({ extenderFn: ajvErrors });
const { CheckboxesWidget, SelectWidget } = getDefaultRegistry().widgets;

/** Multiple choices are checkboxes, since people do not know how to use a multiple select. */
function Select(props) {
  return props.multiple
    ? h(CheckboxesWidget, props)
    : h(SelectWidget, { ...props, placeholder: props.placeholder || "Choose…" });
}

function checkFields(data, errors, uiSchema) {
  if (!uiSchema || data === undefined || data === null) return;
  const rule = RULES[uiSchema["ui:field"]];
  rule?.(data).forEach((message) => errors.addError(message));
  if (Array.isArray(data)) {
    data.forEach(
      (item, index) => errors[index] && checkFields(item, errors[index], uiSchema.items),
    );
  } else if (typeof data === "object") {
    Object.keys(uiSchema)
      .filter((name) => !name.startsWith("ui:") && errors[name])
      .forEach((name) => checkFields(data[name], errors[name], uiSchema[name]));
  }
}

const validate = (data, errors, uiSchema) => {
  checkFields(data, errors, uiSchema);
  return errors;
};

/** The server's errors for a page's values, in the form library's structure. */
function buildExtraErrors(problems) {
  const root = {};
  for (const { path, message } of problems) {
    let place = root;
    for (const key of path) place = place[key] ??= {};
    (place.__errors ??= []).push(message);
  }
  return root;
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** Fields and layouts that the portal does not have are set aside, and named at their place. */
function setUnknownAside(uiSchema) {
  const { "ui:options": options, "ui:ObjectFieldTemplate": layout, ...keys } = uiSchema;
  const {
    field = keys["ui:field"],
    ObjectFieldTemplate = layout,
    ...kept
  } = isObject(options) ? options : {};
  const inner = Object.entries(keys).map(([key, value]) => [
    key,
    !key.startsWith("ui:") && isObject(value) ? setUnknownAside(value) : value,
  ]);
  const isKnown = Object.hasOwn(FIELDS, field);
  return {
    ...Object.fromEntries(inner),
    "ui:options": kept,
    "ui:field": isKnown ? field : undefined,
    ...(field === undefined || isKnown ? {} : { "ui:unknownField": String(field) }),
    ...(ObjectFieldTemplate && { "ui:unknownLayout": String(ObjectFieldTemplate) }),
  };
}

export const SchemaForm = forwardRef(function SchemaForm(
  { page, values, problems, context, onChange, onSubmit, children },
  ref,
) {
  const uiSchema = useMemo(
    () => ({
      ...setUnknownAside(page.ui_schema),
      "ui:globalOptions": { enableMarkdownInDescription: true },
    }),
    [page],
  );
  const extraErrors = useMemo(() => buildExtraErrors(problems), [problems]);
  return h(
    Form,
    {
      ref,
      className: "bp-scaffolder-form",
      schema: page.schema,
      uiSchema,
      validator,
      formData: values,
      formContext: context,
      fields: FIELDS,
      templates: TEMPLATES,
      widgets: { SelectWidget: Select, CheckboxWidget: Checkbox },
      noHtml5Validate: true,
      showErrorList: "top",
      customValidate: validate,
      transformErrors: (errors) => transformErrors(errors, page.schema, page.ui_schema),
      extraErrors,
      onChange: ({ formData }) => onChange(formData),
      onSubmit: ({ formData, schemaUtils }) => onSubmit(formData, schemaUtils),
      onError: () => document.querySelector(".bp-scaffolder-form-summary")?.focus(),
    },
    children,
  );
});

function Checkbox({
  id,
  value,
  label,
  disabled,
  readonly,
  autofocus,
  onChange,
  required,
  schema,
  options,
  registry,
  uiSchema,
}) {
  const { DescriptionFieldTemplate } = registry.templates;
  const description = options.description ?? schema.description;
  return h(
    "div",
    { className: "bp-scaffolder-form-checkbox" },
    h(
      "label",
      null,
      h("input", {
        id,
        type: "checkbox",
        checked: Boolean(value),
        disabled: disabled || readonly,
        autoFocus: autofocus,
        "aria-describedby": `${id}__error ${id}__description ${id}__help`,
        onChange: (event) => onChange(event.target.checked),
      }),
      h(
        "span",
        null,
        label,
        required && h("span", { className: "bp-scaffolder-required", "aria-hidden": true }, " *"),
      ),
    ),
    description &&
      h(DescriptionFieldTemplate, {
        id: `${id}__description`,
        description,
        schema,
        uiSchema,
        registry,
      }),
  );
}
