import { expect, test } from "bun:test";
import {
  countProblems,
  listNamed,
  withoutFocus,
} from "../../backstage_py/plugins/scaffolder/components/editor_text";

test("a check takes the files that the text names in placeholders", () => {
  const files = [{ path: "pages/first.yaml" }, { path: "skeleton/a.txt" }];

  expect(listNamed(files, "parameters:\n  - $yaml: ./pages/first.yaml")).toEqual([files[0]]);
  expect(listNamed(files, "url: ./skeleton/a.txt")).toEqual([]);
});

test("problems are counted in words", () => {
  const [error, warning] = [{ is_warning: false }, { is_warning: true }];

  expect(countProblems([])).toBe("No problems");
  expect(countProblems([error])).toBe("1 error");
  expect(countProblems([error, error, warning])).toBe("2 errors, 1 warning");
});

test("no field of a form that is being written takes the focus", () => {
  const uiSchema = {
    "ui:order": ["a"],
    a: { "ui:autofocus": true, "ui:help": "x" },
    items: { b: { "ui:autofocus": true } },
  };

  expect(withoutFocus(uiSchema)).toEqual({ "ui:order": ["a"], a: { "ui:help": "x" }, items: { b: {} } });
});
