/** A text in YAML: CodeMirror with the portal's look, completion by a schema, and mistakes in place. */
import { createElement as h, useEffect, useRef } from "react";
import { autocompletion } from "@codemirror/autocomplete";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { complete } from "./yaml_completion.js";

const STYLE = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent-11)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--green-11)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword, tags.atom], color: "var(--plum-11)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--gray-11)", fontStyle: "italic" },
  { tag: [tags.meta, tags.typeName, tags.labelName], color: "var(--amber-11)" },
]);

/** Where a problem is: its line from the first character that is no blank. */
function locate(problem, doc) {
  const line = doc.line(Math.min(Math.max(problem.line, 1), doc.lines));
  const indent = line.text.length - line.text.trimStart().length;
  return {
    from: Math.min(line.from + indent, line.to),
    to: line.to,
    severity: problem.is_warning ? "warning" : "error",
    message: problem.message,
  };
}

/**
 * The editor. `initial` is read once; `view` is a ref that gets the CodeMirror view.
 *
 * `schema` is a ref to the JSON Schema, which may come later.
 */
export function CodeEditor({ initial, schema, problems, onChange, view, label }) {
  const place = useRef(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  useEffect(() => {
    const propose = (context) => {
      const found =
        schema.current && complete(context.state.doc.toString(), context.pos, schema.current);
      const isAsked = context.explicit || (found && found.from < context.pos);
      return found && isAsked ? { ...found, validFor: /^[\w$:.'[\]-]*$/ } : null;
    };
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: initial,
        extensions: [
          basicSetup,
          yaml(),
          syntaxHighlighting(STYLE),
          autocompletion({ override: [propose] }),
          lintGutter(),
          EditorView.contentAttributes.of({
            "aria-label": label,
            spellcheck: "false",
            tabindex: "0", // it is focusable anyway, but tools that look for that only see this
          }),
          EditorView.updateListener.of(
            (update) => update.docChanged && changed.current(update.state.doc.toString()),
          ),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, []);
  useEffect(() => {
    const editor = view.current;
    const found = problems.map((one) => locate(one, editor.state.doc));
    editor.dispatch(setDiagnostics(editor.state, found));
  }, [problems]);
  return h("div", { className: "bp-scaffolder-code", ref: place });
}
