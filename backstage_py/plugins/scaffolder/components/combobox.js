/**
 * A text box with suggestions, for one value or for several.
 *
 * Follows the combobox pattern of the ARIA Authoring Practices: the focus stays in the box, arrows
 * move through the list, Enter takes, Escape closes. Suggestions are loaded while typing.
 */
import { createElement as h, useEffect, useId, useRef, useState } from "react";

const SETTLE_MILLISECONDS = 150;
const NOTHING = [];

/** The suggestions for a text; outdated responses are dropped. */
function useSuggestions(load, text, isOpen) {
  const [state, setState] = useState({ options: NOTHING, status: "idle" });
  useEffect(() => {
    if (!isOpen) return undefined;
    const aborter = new AbortController();
    setState((now) => ({ ...now, status: "loading" }));
    const timer = setTimeout(
      () =>
        load(text, aborter.signal)
          .then((options) => !aborter.signal.aborted && setState({ options, status: "ready" }))
          .catch(() => aborter.signal.aborted || setState({ options: NOTHING, status: "failed" })),
      SETTLE_MILLISECONDS,
    );
    return () => {
      clearTimeout(timer);
      aborter.abort();
    };
  }, [load, text, isOpen]);
  return state;
}

const STATUS_TEXTS = {
  loading: "Loading…",
  failed: "The suggestions cannot be loaded.",
  ready: "No matches.",
};

function Picked({ name, disabled, onRemove }) {
  const remove = { type: "button", "aria-label": `Remove ${name}`, onClick: onRemove };
  return h("span", { className: "bp-chip bp-scaffolder-picked" }, name, !disabled && h("button", remove, "×"));
}

/** Keeps the focus in the box when the list is clicked. */
function Suggestions({ id, options, values, active, onTake }) {
  return h(
    "ul",
    { id, role: "listbox", "aria-label": "Suggestions", className: "bp-scaffolder-options" },
    options.map((option, index) =>
      h(
        "li",
        {
          key: option.value,
          id: `${id}-${index}`,
          role: "option",
          "aria-selected": values.includes(option.value),
          "data-active": index === active,
          onMouseDown: (event) => event.preventDefault(),
          onClick: () => onTake(option),
        },
        h("span", null, option.label),
        option.note && h("span", { className: "bp-muted" }, option.note),
      ),
    ),
  );
}

function Status({ text }) {
  const className = text ? "bp-scaffolder-options bp-scaffolder-options-status" : "bp-hidden";
  return h("div", { role: "status", className }, text);
}

export function Combobox({
  id,
  values,
  onChange,
  load,
  parse,
  isMultiple = false,
  takesAnything = true,
  disabled = false,
  required = false,
  isInvalid = false,
  autoFocus = false,
  placeholder,
}) {
  const listId = useId();
  const box = useRef(null);
  const labels = useRef({});
  const nameOf = (value) => labels.current[value] ?? value;
  const [text, setText] = useState("");
  const [isTyping, setTyping] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const asked = isTyping ? text : "";
  const { options, status } = useSuggestions(load, asked, isOpen);
  const shown = isMultiple ? options.filter((one) => !values.includes(one.value)) : options;
  const single = isMultiple ? undefined : values[0];
  const written = isTyping ? text : isMultiple ? "" : single === undefined ? "" : nameOf(single);

  useEffect(() => setActive(-1), [asked, isOpen]);
  useEffect(() => {
    if (active >= 0)
      document.getElementById(`${listId}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [active, listId]);

  const forget = () => {
    setText("");
    setTyping(false);
  };
  const take = (option) => {
    labels.current[option.value] = option.label;
    onChange(isMultiple ? [...new Set([...values, option.value])] : [option.value]);
    forget();
    setOpen(isMultiple);
  };
  const remove = (value) => {
    onChange(values.filter((one) => one !== value));
    forget();
    box.current.focus();
  };
  /** Text that was typed and not chosen from the list. */
  const settle = () => {
    if (!isTyping) return;
    const typed = text.trim();
    const isMeant = ({ label, value }) =>
      [label, value].some((one) => one.toLowerCase() === typed.toLowerCase());
    const only =
      !takesAnything && options.length === 1 && status === "ready" ? options[0] : undefined;
    const meant = options.find(isMeant) ?? (typed ? only : undefined);
    if (meant) take(meant);
    else if (typed && takesAnything) take({ value: parse(typed), label: parse(typed) });
    else if (!typed && !isMultiple) onChange([]);
    forget();
  };

  const press = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!isOpen) setOpen(true);
      else if (shown.length)
        setActive((active + step + shown.length + (active < 0 && step < 0)) % shown.length);
    } else if (event.key === "Enter") {
      if (isOpen || isTyping) event.preventDefault();
      if (isOpen && shown[active]) take(shown[active]);
      else settle();
      if (!isMultiple) setOpen(false);
    } else if (event.key === "Escape" && isOpen) {
      event.stopPropagation();
      forget();
      setOpen(false);
    } else if (event.key === "Backspace" && isMultiple && !written && values.length) {
      remove(values.at(-1));
    }
  };

  const isListed = isOpen && shown.length > 0;
  return h(
    "div",
    { className: "bp-scaffolder-combobox" },
    h(
      "div",
      { className: "bp-scaffolder-combobox-box", onClick: () => box.current.focus() },
      isMultiple &&
        values.map((value) =>
          h(Picked, { key: value, name: nameOf(value), disabled, onRemove: () => remove(value) }),
        ),
      h("input", {
        ref: box,
        id,
        type: "text",
        role: "combobox",
        autoComplete: "off",
        spellCheck: false,
        "aria-autocomplete": "list",
        "aria-expanded": isListed,
        "aria-controls": isListed ? listId : undefined,
        "aria-activedescendant": isListed && active >= 0 ? `${listId}-${active}` : undefined,
        "aria-required": required,
        "aria-invalid": isInvalid,
        "aria-describedby": `${id}__error ${id}__description ${id}__help`,
        autoFocus,
        disabled,
        placeholder: values.length ? undefined : placeholder,
        value: written,
        onChange: (event) => {
          setText(event.target.value);
          setTyping(true);
          setOpen(true);
        },
        onClick: () => setOpen(true),
        onKeyDown: press,
        onBlur: () => {
          settle();
          setOpen(false);
        },
      }),
      single !== undefined &&
        !disabled &&
        h(
          "button",
          {
            type: "button",
            className: "bp-scaffolder-clear",
            "aria-label": `Clear ${nameOf(single)}`,
            onClick: () => remove(single),
          },
          "×",
        ),
    ),
    isListed
      ? h(Suggestions, { id: listId, options: shown, values, active, onTake: take })
      : h(Status, { text: isOpen ? STATUS_TEXTS[status] : undefined }),
  );
}
