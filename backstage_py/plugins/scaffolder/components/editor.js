/**
 * The editor of templates: the text beside the form that it makes.
 *
 * Everything stays in the browser until one asks for a dry run; the text is sent to be checked when
 * one pauses. Saving writes to one's own machine only.
 */
import { createElement as h, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { CodeEditor } from "./code_editor.js";
import { countProblems, listNamed, withoutFocus } from "./editor_text.js";
import Icon from "./form_icon.js";
import { keepDraft, readChosen, readDraft, save } from "./local_files.js";
import Wizard from "./wizard.js";

const PAUSE_MILLISECONDS = 350;
const SCHEMA = "/api/scaffolder/v2/template-schema";
const NAME = "template.yaml";
const nothing = () => {};

function useSchema() {
  const schema = useRef(null);
  useEffect(() => {
    const aborter = new AbortController();
    fetch(SCHEMA, { signal: aborter.signal })
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((found) => (schema.current = found))
      .catch(nothing); // without it nothing is completed; checks say what is wrong all the same
    return () => aborter.abort();
  }, []);
  return schema;
}

function FileButton({ text, icon, isFolder = false, onChosen }) {
  const input = useRef(null);
  const choose = async ({ target }) => {
    if (target.files.length) await onChosen(target.files);
    target.value = ""; // so that the same file can be chosen again
  };
  return h(
    "span",
    null,
    h(
      "button",
      { type: "button", className: "bp-button", onClick: () => input.current.click() },
      h(Icon, { name: icon }),
      text,
    ),
    h("input", {
      ref: input,
      type: "file",
      hidden: true,
      "aria-label": text,
      onChange: choose,
      ...(isFolder ? { webkitdirectory: "" } : { accept: ".yaml,.yml" }),
    }),
  );
}

function Problems({ problems, onGo }) {
  return h(
    "details",
    { className: "bp-scaffolder-editor-problems", open: problems.length > 0 || undefined },
    h("summary", null, h("span", { role: "status" }, countProblems(problems))),
    h(
      "ul",
      null,
      problems.map((one, index) =>
        h(
          "li",
          { key: index, "data-level": one.is_warning ? "warning" : "error" },
          h(
            "button",
            { type: "button", onClick: () => onGo(one.line) },
            h("span", { className: "bp-scaffolder-editor-line" }, `Line ${one.line}`),
            h("span", null, one.message),
          ),
        ),
      ),
    ),
  );
}

export default function Editor({
  example,
  user,
  ownerRefs,
  template,
  problems,
  checked,
  isStale,
  formProblems,
  ticket,
  message,
  isBusy,
  tried,
  onCheck,
  onOpen,
  onDryRun,
  children,
}) {
  const [opened, setOpened] = useState({ name: NAME, count: 0, visit: 0 });
  const [isSaved, setSaved] = useState(true);
  const [refusal, setRefusal] = useState("");
  const text = useRef(null);
  const view = useRef(null);
  const handle = useRef(null);
  const beside = useRef([]);
  const timer = useRef(0);
  const number = useRef(0);
  const result = useRef(null);
  const schema = useSchema();

  const check = useCallback(() => {
    number.current = Math.max(number.current + 1, Date.now());
    onCheck(text.current, listNamed(beside.current, text.current), number.current);
  }, []);
  const change = (changed) => {
    text.current = changed;
    setSaved(false);
    keepDraft(user, changed);
    clearTimeout(timer.current);
    timer.current = setTimeout(check, PAUSE_MILLISECONDS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const pages = useMemo(
    () => template.pages.map((page) => ({ ...page, ui_schema: withoutFocus(page.ui_schema) })),
    [template],
  );
  const isBegun = Boolean(user);
  if (isBegun && text.current === null) text.current = readDraft(user) ?? example;
  useEffect(() => {
    if (isBegun) check();
  }, [isBegun, opened]);
  useEffect(() => {
    if (tried) result.current?.scrollIntoView({ block: "start" });
  }, [tried]);

  const open = async (list) => {
    try {
      const { name, text: found, files } = await readChosen(list);
      const editor = view.current;
      beside.current = files;
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: found } });
      handle.current = null;
      clearTimeout(timer.current);
      setOpened(({ visit }) => ({ name, count: files.length, visit: visit + 1 }));
      setSaved(true);
      setRefusal("");
      onOpen();
    } catch (error) {
      setRefusal(error.message);
    }
  };
  const store = async () => {
    try {
      handle.current = await save(text.current, opened.name, handle.current);
      setSaved(true);
      setRefusal("");
    } catch (error) {
      if (error.name !== "AbortError") setRefusal(`The file was not saved: ${error.message}`);
    }
  };
  const go = (line) => {
    const editor = view.current;
    const at = editor.state.doc.line(Math.min(line, editor.state.doc.lines)).from;
    editor.dispatch({ selection: { anchor: at }, scrollIntoView: true });
    editor.focus();
  };

  if (!isBegun)
    return h("div", { className: "bp-skeletons bp-scaffolder-editor-wait", role: "status", "aria-label": "Loading" });
  const { count } = opened;
  const note = refusal || message;
  return h(
    "div",
    { className: "bp-scaffolder-editor" },
    h(
      "div",
      { className: "bp-actions bp-scaffolder-editor-tools" },
      h(FileButton, { text: "Open file", icon: "file-text", onChosen: open }),
      h(FileButton, { text: "Open folder", icon: "folder-open", isFolder: true, onChosen: open }),
      h(
        "button",
        { type: "button", className: "bp-button", onClick: store },
        h(Icon, { name: "save" }),
        "Save",
      ),
      h(
        "p",
        { className: "bp-muted" },
        h("code", null, opened.name),
        count > 0 && ` and ${count} ${count === 1 ? "file" : "files"} beside it`,
        !isSaved && " (not saved)",
      ),
    ),
    note && h("p", { role: "alert", className: "bp-card bp-warning" }, note),
    h(
      "div",
      { className: "bp-scaffolder-editor-panes" },
      h(
        "section",
        { className: "bp-card bp-scaffolder-editor-text", "aria-label": "Template" },
        h(CodeEditor, {
          initial: text.current,
          schema,
          problems,
          onChange: change,
          view,
          label: "Template in YAML",
        }),
        h(Problems, { problems, onGo: go }),
      ),
      h(
        "section",
        { className: "bp-scaffolder-editor-form", "aria-label": "Form" },
        isStale &&
          h("p", { className: "bp-muted", role: "status" }, "The form is of the last text that could be read."),
        checked > 0 &&
          template.ref &&
          h(Wizard, {
            key: opened.visit,
            pages,
            labels: template.labels,
            initial: {},
            user,
            ownerRefs,
            problems: formProblems,
            ticket,
            isBusy,
            canCreate: false,
            canDryRun: true,
            onNext: nothing,
            onCreate: nothing,
            onDryRun: (values, secrets) => onDryRun(text.current, beside.current, values, secrets),
            onLink: nothing,
          }),
      ),
    ),
    h("div", { ref: result, className: "bp-scaffolder-editor-result" }, children),
  );
}
