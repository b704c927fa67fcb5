/** Texts of the editor, its form, and what of the opened files a check needs. */

/** The files that a text names, such as those of `$yaml`; a check reads no others. */
export function listNamed(files, text) {
  if (!/\$(?:yaml|json|text)\b/.test(text)) return [];
  return files.filter(({ path }) => text.includes(path.slice(path.lastIndexOf("/") + 1)));
}

/** A uiSchema without `ui:autofocus`: a field that is being written must not take the focus. */
export function withoutFocus(uiSchema) {
  if (uiSchema === null || typeof uiSchema !== "object" || Array.isArray(uiSchema)) return uiSchema;
  const kept = Object.entries(uiSchema).filter(([key]) => key !== "ui:autofocus");
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutFocus(value)]));
}

/** How many mistakes there are, in words. */
export function countProblems(problems) {
  const warnings = problems.filter((one) => one.is_warning).length;
  const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const parts = [
    problems.length > warnings && count(problems.length - warnings, "error"),
    warnings && count(warnings, "warning"),
  ].filter(Boolean);
  return parts.join(", ") || "No problems";
}
