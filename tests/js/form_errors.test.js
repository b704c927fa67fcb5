import { expect, test } from "bun:test";
import { transformErrors } from "../../backstage_py/plugins/scaffolder/components/form_errors";

const SCHEMA = {
  properties: {
    name: { title: "Name", description: "Use lower case letters.", pattern: "^[a-z]+$" },
    code: { title: "Code", pattern: "^[0-9]+$" },
  },
};
const wrong = (name, property, params = {}) => ({ name, property, params, message: "raw" });
const stacks = (errors, uiSchema) => transformErrors(errors, SCHEMA, uiSchema).map((one) => one.stack);

test("a wrong form is told by the description, never by the regular expression", () => {
  const params = { pattern: "^[a-z]+$" };

  expect(stacks([wrong("pattern", ".name", params), wrong("pattern", ".code", params)])).toEqual([
    "Name does not have the right form. Use lower case letters.",
    "Code does not have the right form",
  ]);
});

test("a template's own words come first", () => {
  const uiSchema = { code: { "ui:errorMessage": "Four digits, please" } };

  expect(stacks([wrong("pattern", ".code")], uiSchema)).toEqual(["Four digits, please"]);
});

test("a schema that cannot be used is told about the form", () => {
  expect(stacks([{ stack: "Invalid regular expression: /^[a-z/" }])).toEqual([
    "This form cannot be checked, because the template has a mistake: " +
      "Invalid regular expression: /^[a-z/",
  ]);
});

test("branches are not told twice", () => {
  expect(stacks([wrong("oneOf", ""), wrong("required", ".name")])).toEqual(["Name is required"]);
});
