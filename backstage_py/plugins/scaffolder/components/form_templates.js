/** How the forms of templates look: the portal's classes around the form library's inputs. */
import { Component, createElement as h } from "react";
import Icon from "./form_icon.js";
import {
  ADDITIONAL_PROPERTY_FLAG,
  buttonId,
  canExpand,
  descriptionId,
  errorId,
  getUiOptions,
  helpId,
  titleId,
} from "@rjsf/utils";
import { FIELDS, GROUPED_FIELDS } from "./field_extensions.js";
import { titleAt } from "./form_values.js";

const GROUPED_WIDGETS = new Set(["radio", "checkboxes"]);

const asterisk = (required) =>
  required && h("span", { className: "bp-scaffolder-required", "aria-hidden": true }, " *");

const isItem = ({ path }) => typeof path.at(-1) === "number";

/** The form library names the entries of `Hosts` `Hosts-1`, and marks them all required. */
const nameItem = (title, place) => (isItem(place) ? title?.replace(/-(\d+)$/, " $1") : title);

/** A field that cannot be rendered as its template asks does not break the form. */
class FieldBoundary extends Component {
  state = { error: null };

  static getDerivedStateFromError(error) {
    return { error };
  }

  render() {
    return this.state.error ? this.props.fallback(this.state.error) : this.props.children;
  }
}

function note(text) {
  return h("p", { className: "bp-scaffolder-field-note" }, text);
}

function plainInput({ id, formData, onChange, fieldPathId }, error) {
  return [
    note(
      `This field cannot be drawn as its template says (${error.message.split(" in schema")[0]}). Fill it in as text.`,
    ),
    h("input", {
      id,
      key: "input",
      type: "text",
      className: "form-control",
      value: typeof formData === "string" ? formData : "",
      onChange: (event) => onChange(event.target.value || undefined, fieldPathId.path),
    }),
  ];
}

/** A checkbox has its title beside it, objects and lists draw their own. */
function ownsTitle({ schema, uiSchema, displayLabel }) {
  const { field } = getUiOptions(uiSchema);
  return (
    !displayLabel && !(field in FIELDS) && ["object", "array", "boolean"].includes(schema.type)
  );
}

function FieldTemplate(props) {
  const { id, children, errors, help, description, hidden, rawErrors, fieldPathId } = props;
  const label = nameItem(props.label, fieldPathId);
  const required = props.required && !isItem(fieldPathId);
  if (hidden) return h("div", { hidden: true }, children);
  const { field, unknownField, widget } = getUiOptions(props.uiSchema);
  const isGroup =
    GROUPED_FIELDS.has(field) || (!field && GROUPED_WIDGETS.has(widget)) || isChecklist(props);
  const hasTitle = !ownsTitle(props) && label;
  const title = isGroup
    ? h("span", { id: titleId(id), className: "bp-scaffolder-form-label" }, label, asterisk(required))
    : h("label", { htmlFor: id, className: "bp-scaffolder-form-label" }, label, asterisk(required));
  return h(
    "div",
    {
      className: `bp-scaffolder-form-field ${props.classNames ?? ""}`,
      style: props.style,
      "data-invalid": Boolean(rawErrors?.length),
      ...(isGroup && hasTitle ? { role: "group", "aria-labelledby": titleId(id) } : {}),
    },
    ADDITIONAL_PROPERTY_FLAG in props.schema && h(KeyBox, props),
    hasTitle && title,
    hasTitle && description,
    unknownField &&
      note(`There is no field “${unknownField}” in this portal; a plain input stands in for it.`),
    h(FieldBoundary, { fallback: (error) => plainInput(props, error) }, children),
    errors,
    help,
  );
}

function isChecklist({ schema, uiSchema }) {
  return (
    schema.type === "array" &&
    Boolean(schema.uniqueItems && schema.items?.enum) &&
    !getUiOptions(uiSchema).field
  );
}

function KeyBox({
  id,
  label,
  onKeyRenameBlur,
  onRemoveProperty,
  disabled,
  readonly,
  registry,
  uiSchema,
}) {
  const { RemoveButton } = registry.templates.ButtonTemplates;
  return h(
    "div",
    { className: "bp-scaffolder-form-key" },
    h("label", { htmlFor: `${id}-key` }, "Name"),
    h("input", {
      id: `${id}-key`,
      key: label,
      type: "text",
      className: "form-control",
      defaultValue: label,
      onBlur: onKeyRenameBlur,
      disabled: disabled || readonly,
    }),
    h(RemoveButton, { id: buttonId(id, "remove"), onClick: onRemoveProperty, registry, uiSchema }),
  );
}

function Title({ id, title, required }) {
  return h("legend", { id, className: "bp-scaffolder-form-title" }, title, asterisk(required));
}

function describe({ registry, id, text, schema, uiSchema }) {
  const { DescriptionFieldTemplate } = registry.templates;
  return text && h(DescriptionFieldTemplate, { id, description: text, schema, uiSchema, registry });
}

function ObjectFieldTemplate(props) {
  const { fieldPathId, title, description, properties, schema, uiSchema, registry, required } =
    props;
  if ((schema.oneOf || schema.anyOf) && !schema.properties && !properties.length) return null;
  const isPage = fieldPathId.path.length === 0;
  const { unknownLayout } = getUiOptions(uiSchema);
  const { AddButton } = registry.templates.ButtonTemplates;
  return h(
    "fieldset",
    { id: fieldPathId.$id, className: isPage ? undefined : "bp-scaffolder-form-group" },
    !isPage &&
      title &&
      h(Title, {
        id: titleId(fieldPathId),
        title: nameItem(title, fieldPathId),
        required: required && !isItem(fieldPathId),
      }),
    !isPage &&
      describe({ registry, id: descriptionId(fieldPathId), text: description, schema, uiSchema }),
    unknownLayout &&
      note(`There is no layout “${unknownLayout}” in this portal; its fields are in their order.`),
    properties.map((property) => property.content),
    canExpand(schema, uiSchema, props.formData) &&
      h(AddButton, {
        id: buttonId(fieldPathId, "add"),
        onClick: props.onAddProperty,
        disabled: props.disabled || props.readonly,
        registry,
        uiSchema,
      }),
  );
}

function ArrayFieldTemplate(props) {
  const { fieldPathId, title, items, schema, uiSchema, registry, required, canAdd } = props;
  const { AddButton } = registry.templates.ButtonTemplates;
  const options = getUiOptions(uiSchema);
  return h(
    "fieldset",
    { id: fieldPathId.$id, className: "bp-scaffolder-form-group" },
    h(Title, { id: titleId(fieldPathId), title: options.title || title, required }),
    describe({
      registry,
      id: descriptionId(fieldPathId),
      text: options.description || schema.description,
      schema,
      uiSchema,
    }),
    items,
    canAdd &&
      h(AddButton, {
        id: buttonId(fieldPathId, "add"),
        onClick: props.onAddClick,
        disabled: props.disabled || props.readonly,
        registry,
        uiSchema,
      }),
  );
}

function ArrayFieldItemTemplate({ children, buttonsProps, hasToolbar, registry }) {
  const { ArrayFieldItemButtonsTemplate } = registry.templates;
  return h(
    "div",
    { className: "bp-scaffolder-form-item" },
    h("div", null, children),
    hasToolbar &&
      h("div", { className: "bp-scaffolder-form-tools" }, h(ArrayFieldItemButtonsTemplate, buttonsProps)),
  );
}

function MultiSchemaFieldTemplate({ selector, optionSchemaField, schema }) {
  const label = h("span", { className: "bp-hidden" }, `Sort of ${schema.title ?? "answer"}`);
  return h(
    "div",
    { className: "bp-scaffolder-form-choice" },
    h("label", null, label, selector),
    optionSchemaField,
  );
}

/** Values without an input in the form library are entered as text. */
function UnsupportedFieldTemplate({ reason }) {
  throw new Error(reason ?? "no type");
}

function FieldErrorTemplate({ errors = [], fieldPathId }) {
  const texts = [...new Set(errors.filter(Boolean))];
  if (!texts.length) return null;
  return h(
    "ul",
    { id: errorId(fieldPathId), className: "bp-scaffolder-form-errors" },
    texts.map((text) => h("li", { key: text }, text)),
  );
}

function FieldHelpTemplate({ help, fieldPathId }) {
  return help ? h("div", { id: helpId(fieldPathId), className: "bp-scaffolder-form-help" }, help) : null;
}

/** The form library names the fields of some errors by their path. */
function writeError({ property, message, stack }, schema) {
  return property && stack.startsWith(property) ? `${titleAt(schema, property)} ${message}` : stack;
}

function ErrorList({ errors, schema }) {
  const texts = [...new Set(errors.map((error) => writeError(error, schema)))];
  return h(
    "div",
    { className: "bp-card bp-warning bp-scaffolder-form-summary", role: "alert", tabIndex: -1 },
    h(
      "div",
      null,
      h(
        "h2",
        null,
        texts.length === 1
          ? "One answer is missing or wrong"
          : `${texts.length} answers are missing or wrong`,
      ),
      h(
        "ul",
        null,
        texts.map((text) => h("li", { key: text }, text)),
      ),
    ),
  );
}

function button(icon, label) {
  return function Button({ id, onClick, disabled }) {
    return h(
      "button",
      {
        id,
        type: "button",
        className: "bp-icon-button",
        "aria-label": label,
        title: label,
        onClick,
        disabled,
      },
      h(Icon, { name: icon }),
    );
  };
}

function AddButton({ id, onClick, disabled }) {
  return h(
    "button",
    { id, type: "button", className: "bp-button bp-scaffolder-form-add", onClick, disabled },
    h(Icon, { name: "plus" }),
    "Add",
  );
}

export const TEMPLATES = {
  FieldTemplate,
  ObjectFieldTemplate,
  ArrayFieldTemplate,
  ArrayFieldItemTemplate,
  MultiSchemaFieldTemplate,
  FieldErrorTemplate,
  FieldHelpTemplate,
  ErrorListTemplate: ErrorList,
  TitleFieldTemplate: Title,
  UnsupportedFieldTemplate,
  ButtonTemplates: {
    AddButton,
    CopyButton: button("copy", "Copy"),
    MoveUpButton: button("arrow-up", "Move up"),
    MoveDownButton: button("arrow-down", "Move down"),
    RemoveButton: button("x", "Remove"),
    ClearButton: button("x", "Clear"),
  },
};
