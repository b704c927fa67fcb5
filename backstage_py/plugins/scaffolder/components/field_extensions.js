/**
 * The fields that templates name by `ui:field`, with their rules.
 *
 * Source of the names, options and values: the field extensions of `@backstage/plugin-scaffolder`.
 */
import { createElement as h, useCallback, useEffect, useState } from "react";
import { getUiOptions } from "@rjsf/utils";
import { completeRef, findEntities, findTags } from "./catalog_search.js";
import { Combobox } from "./combobox.js";
import { missingParts, partsOf, readRepoUrl, titleOf, writeRepoUrl } from "./repo_url.js";

const OWNERS = { kind: ["Group", "User"] };
const keep = (text) => text;

function useField({ fieldPathId, uiSchema, formData, onChange, registry, rawErrors, ...props }) {
  const change = (value) => onChange(value, fieldPathId.path);
  return {
    id: fieldPathId.$id,
    options: getUiOptions(uiSchema),
    value: formData,
    change,
    context: registry.formContext,
    box: {
      id: fieldPathId.$id,
      disabled: Boolean(props.disabled || props.readonly),
      required: Boolean(props.required),
      autoFocus: Boolean(props.autofocus),
      isInvalid: Boolean(rawErrors?.length),
      placeholder: getUiOptions(uiSchema).placeholder,
    },
  };
}

/** An input that looks and behaves like those of the form. */
function Input({ id, value, onChange, required, autoFocus, isInvalid, ...props }) {
  return h("input", {
    id,
    className: "form-control",
    type: "text",
    autoComplete: "off",
    spellCheck: false,
    autoFocus,
    "aria-required": required,
    "aria-invalid": isInvalid,
    "aria-describedby": `${id}__error ${id}__description ${id}__help`,
    value: value ?? "",
    onChange: (event) => onChange(event.target.value || undefined),
    ...props,
  });
}

function filterOf({ catalogFilter, allowedKinds }, usual) {
  return catalogFilter ?? (allowedKinds ? { kind: allowedKinds } : usual);
}

/** If only one entity matches, it is selected. */
function useOnlyChoice(load, { isWanted, take }) {
  useEffect(() => {
    if (!isWanted) return undefined;
    const aborter = new AbortController();
    load("", aborter.signal)
      .then((found) => found.length === 1 && take(found[0].value))
      .catch(keep);
    return () => aborter.abort();
  }, [load]);
}

function EntityBox({ field, catalogFilter, defaultKind, isMultiple = false, isByName = false }) {
  const { options, value, change, box } = field;
  const { defaultNamespace, allowArbitraryValues = true } = options;
  const values = isMultiple ? (value ?? []) : value ? [value] : [];
  const key = JSON.stringify(catalogFilter ?? null);
  const load = useCallback(
    (text, signal) => findEntities({ catalogFilter: JSON.parse(key), text, isByName }, signal),
    [key, isByName],
  );
  useOnlyChoice(load, {
    isWanted: box.required && !isMultiple && !allowArbitraryValues && !value,
    take: change,
  });
  return h(Combobox, {
    ...box,
    values,
    load,
    isMultiple,
    takesAnything: allowArbitraryValues,
    parse: isByName ? keep : (text) => completeRef(text, { defaultKind, defaultNamespace }),
    onChange: (chosen) => change(isMultiple ? (chosen.length ? chosen : undefined) : chosen[0]),
  });
}

function EntityPicker(props) {
  const field = useField(props);
  const { options } = field;
  return h(EntityBox, {
    field,
    catalogFilter: filterOf(options),
    defaultKind: options.defaultKind,
  });
}

function MultiEntityPicker(props) {
  const field = useField(props);
  const { options } = field;
  return h(EntityBox, {
    field,
    catalogFilter: filterOf(options),
    defaultKind: options.defaultKind,
    isMultiple: true,
  });
}

function OwnerPicker(props) {
  const field = useField(props);
  const { options } = field;
  const catalogFilter = filterOf(options, OWNERS);
  return h(EntityBox, { field, catalogFilter, defaultKind: options.defaultKind ?? "Group" });
}

function OwnedEntityPicker(props) {
  const field = useField(props);
  const { options, context } = field;
  const sets = [filterOf(options, {})].flat();
  const catalogFilter = sets.map((set) => ({ ...set, "relations.ownedBy": context.ownerRefs }));
  return h(EntityBox, { field, catalogFilter, defaultKind: options.defaultKind });
}

function MyGroupsPicker(props) {
  const field = useField(props);
  const catalogFilter = { kind: "Group", "relations.hasMember": field.context.user };
  const mine = { ...field, options: { ...field.options, allowArbitraryValues: false } };
  return h(EntityBox, { field: mine, catalogFilter, defaultKind: "Group" });
}

function EntityNamePicker(props) {
  const { box, value, change } = useField(props);
  return h(Input, { ...box, value, onChange: change });
}

function EntityTagsPicker(props) {
  const { box, options, value = [], change } = useField(props);
  const kinds = JSON.stringify(options.kinds ?? []);
  const load = useCallback(
    (text, signal) => findTags({ kinds: JSON.parse(kinds), text }, signal),
    [kinds],
  );
  return h(Combobox, {
    ...box,
    values: value,
    load,
    isMultiple: true,
    parse: (text) => text.toLowerCase(),
    onChange: (chosen) => change(chosen.length ? chosen : undefined),
  });
}

function Choice({ id, label, choices, value, onChange, ...props }) {
  const control =
    choices?.length > 1
      ? h(
          "select",
          {
            id,
            className: "form-control",
            value: value ?? "",
            disabled: props.disabled,
            "aria-invalid": props.isInvalid,
            onChange: (event) => onChange(event.target.value || undefined),
          },
          h("option", { value: "" }, "Choose…"),
          choices.map((one) => h("option", { key: one, value: one }, one)),
        )
      : h(Input, { ...props, id, value, onChange, readOnly: choices?.length === 1 });
  return h("div", { className: "bp-scaffolder-part" }, h("label", { htmlFor: id }, label), control);
}

const ALLOWED = {
  owner: "allowedOwners",
  organization: "allowedOrganizations",
  workspace: "allowedOwners",
  project: "allowedProjects",
  repo: "allowedRepos",
};

function RepoUrlPicker(props) {
  const { id, box, options, value, change, context } = useField(props);
  const [repo, setRepo] = useState(() => readRepoUrl(value));
  const hosts = options.allowedHosts ?? [];
  const host = repo.host || (hosts.length === 1 ? hosts[0] : "");
  const parts = partsOf(host);
  const set = (part, text) => {
    const next = { ...repo, host, [part]: text };
    if (part === "host") partsOf(host).forEach((one) => delete next[one]);
    setRepo(next);
    change(writeRepoUrl({ ...next, host: next.host ?? "" }) || undefined);
  };
  useEffect(() => {
    const only = Object.fromEntries(
      parts
        .map((part) => [part, options[ALLOWED[part]]])
        .filter(([part, choices]) => choices?.length === 1 && !repo[part])
        .map(([part, choices]) => [part, choices[0]]),
    );
    if (Object.keys(only).length) {
      setRepo({ ...repo, ...only, host });
      change(writeRepoUrl({ ...repo, ...only, host }));
    }
  }, [host]);
  const { secretsKey } = options.requestUserCredentials ?? {};
  return h(
    "div",
    { className: "bp-scaffolder-parts" },
    h(Choice, {
      ...box,
      id: `${id}-host`,
      label: "Host",
      choices: hosts,
      value: host,
      placeholder: "github.com",
      onChange: (text) => set("host", text),
    }),
    parts.map((part) =>
      h(Choice, {
        ...box,
        key: part,
        id: `${id}-${part}`,
        label: titleOf(part),
        autoFocus: false,
        placeholder: undefined,
        choices: options[ALLOWED[part]],
        value: repo[part],
        onChange: (text) => set(part, text),
      }),
    ),
    secretsKey &&
      h(
        "div",
        { className: "bp-scaffolder-part bp-scaffolder-whole" },
        h("label", { htmlFor: `${id}-token` }, "Access token, forgotten after the run"),
        h(SecretInput, { id: `${id}-token`, name: secretsKey, context, disabled: box.disabled }),
      ),
  );
}

function RepoBranchPicker(props) {
  const { box, value, change } = useField(props);
  return h(Input, { ...box, value, onChange: change });
}

function RepoOwnerPicker(props) {
  const { box, options, value, change } = useField(props);
  const { allowedOwners = [] } = options;
  if (allowedOwners.length < 2) {
    return h(Input, { ...box, value: value ?? allowedOwners[0], onChange: change });
  }
  return h(
    "select",
    {
      id: box.id,
      className: "form-control",
      disabled: box.disabled,
      value: value ?? "",
      onChange: (event) => change(event.target.value || undefined),
    },
    h("option", { value: "" }, "Choose…"),
    allowedOwners.map((owner) => h("option", { key: owner, value: owner }, owner)),
  );
}

/** Keeps its text outside of the form's values, which only have its length. */
function SecretInput({ name, context, onLength, ...props }) {
  const [text, setText] = useState(context.secrets[name] ?? "");
  return h(Input, {
    ...props,
    type: "password",
    autoComplete: "new-password",
    value: text,
    onChange: (typed = "") => {
      setText(typed);
      if (typed) context.secrets[name] = typed;
      else delete context.secrets[name];
      onLength?.(typed.length);
    },
  });
}

function Secret(props) {
  const { box, change, context } = useField(props);
  const onLength = (length) => change(length ? "*".repeat(length) : undefined);
  return h(SecretInput, { ...box, name: props.name, context, onLength });
}

export const FIELDS = {
  EntityNamePicker,
  EntityPicker,
  EntityTagsPicker,
  MultiEntityPicker,
  MyGroupsPicker,
  OwnedEntityPicker,
  OwnerPicker,
  RepoBranchPicker,
  RepoOwnerPicker,
  RepoUrlPicker,
  Secret,
};

/** Fields of several inputs: their title names a group. */
export const GROUPED_FIELDS = new Set(["RepoUrlPicker"]);

const NAME = /^[a-z0-9]([-_.a-z0-9]*[a-z0-9])?$/i;
const TAG = /^[a-z0-9:+#]+(-[a-z0-9:+#]+)*$/;
const LONGEST = 63;

/** The problems of these fields' values, besides those of their schemas. */
export const RULES = {
  EntityNamePicker: (name) =>
    NAME.test(name) && name.length <= LONGEST
      ? []
      : [
          "must start and end with a letter or a digit, hold letters, digits, hyphens, underscores " +
            `and periods only, and be at most ${LONGEST} characters long`,
        ],
  EntityTagsPicker: (tags) =>
    tags
      .filter((tag) => !TAG.test(tag) || tag.length > LONGEST)
      .map((tag) => `${tag} is not a tag: use a-z, 0-9, :, + and #, with single hyphens between them`),
  RepoUrlPicker: (value) => {
    const missing = missingParts(value).map((part) => titleOf(part).toLowerCase());
    return missing.length ? [`is incomplete: say the ${missing.join(" and the ")}`] : [];
  },
};
