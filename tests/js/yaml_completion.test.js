import { expect, test } from "bun:test";
import { complete } from "../../backstage_py/plugins/scaffolder/components/yaml_completion";

const SCHEMA = {
  type: "object",
  required: ["kind"],
  properties: {
    kind: { enum: ["Template"] },
    metadata: { type: "object", properties: { name: { type: "string" }, tags: { type: "array" } } },
    spec: {
      type: "object",
      properties: {
        parameters: { type: "array", items: { $ref: "#/definitions/page" } },
        steps: { type: "array", items: { $ref: "#/definitions/step" } },
      },
    },
  },
  definitions: {
    page: {
      properties: {
        title: { type: "string" },
        properties: { type: "object", additionalProperties: { $ref: "#/definitions/field" } },
      },
    },
    field: {
      properties: {
        type: { enum: ["string", "number"] },
        "ui:autofocus": { type: "boolean" },
        "ui:field": { oneOf: [{ const: "OwnerPicker", description: "A group." }] },
      },
    },
    step: {
      properties: {
        id: { type: "string" },
        action: { oneOf: [{ const: "fetch:plain" }, { const: "debug:log" }] },
        input: { type: "object" },
      },
      allOf: [
        {
          if: { properties: { action: { const: "fetch:plain" } } },
          then: { properties: { input: { required: ["url"], properties: { url: {}, token: {} } } } },
        },
        {
          if: { properties: { action: { const: "debug:log" } } },
          then: { properties: { input: { properties: { message: { type: "string" } } } } },
        },
      ],
    },
  },
};

/** What is proposed at the mark `|`. */
function propose(marked) {
  const offset = marked.indexOf("|");
  return complete(marked.replace("|", ""), offset, SCHEMA);
}
const labels = (marked) => (propose(marked)?.options ?? []).map(({ label }) => label);

test("an empty text has the keys of the document, the required ones first", () => {
  const { from, options } = propose("|");

  expect(from).toBe(0);
  expect(options.map(({ label, apply, boost }) => [label, apply, boost])).toEqual([
    ["kind", "kind: ", 1],
    ["metadata", "metadata:\n  ", 0],
    ["spec", "spec:\n  ", 0],
  ]);
});

test.each([
  ["kind: |", ["Template"]],
  ["kind: Temp|", ["Template"]],
  ["kind: Template\nme|", ["metadata", "spec"]],
  ["metadata:\n  |", ["name", "tags"]],
  ["metadata:\n  name: a\n  |\nkind: Template", ["tags"]],
  ["spec:\n  steps:\n    - |", ["id", "action", "input"]],
  ["spec:\n  steps:\n  - |", ["id", "action", "input"]],
  ["spec:\n  steps:\n    - id: a\n      act|", ["action", "input"]],
  ["spec:\n  steps:\n    - action: f|", ["fetch:plain", "debug:log"]],
  ["spec:\n  steps:\n    - action: fetch:plain\n      input:\n        |", ["url", "token"]],
  ["spec:\n  steps:\n    - input:\n        url: x\n        |\n      action: fetch:plain", ["token"]],
  ["spec:\n  steps:\n    - action: 'debug:log'\n      input:\n        m|", ["message"]],
  ["spec:\n  parameters:\n    - properties:\n        a:\n          |", ["type", "ui:autofocus", "ui:field"]],
  ["spec:\n  parameters:\n    - properties:\n        a:\n          type: |", ["string", "number"]],
  ["spec:\n  parameters:\n    - properties:\n        a:\n          ui:autofocus: |", ["true", "false"]],
  ["spec:\n  parameters:\n    - properties:\n        a:\n          ui:field: Own|", ["OwnerPicker"]],
  ["metadata:\n  # na|", []],
  ["metadata:\n  name: x y |", []],
  ["metadata:\n  name: |\n", []],
  ["notes: |\n", []],
  ["# a comment\nkind: |", ["Template"]],
])("%j proposes %j", (marked, expected) => {
  expect(labels(marked)).toEqual(expected);
});

test("text of a block scalar is not taken for keys", () => {
  const text = "metadata:\n  name: >\n    kind: no\n    spec: no\n";

  expect(complete(text, text.length, SCHEMA).options.map(({ label }) => label)).toEqual(["kind", "spec"]);
});

test("an expression has the fields of the form and the steps", () => {
  const text =
    "spec:\n  parameters:\n    - properties:\n        owner: {}\n        name:\n          type: string\n" +
    "  steps:\n    - id: a\n      action: debug:log\n    - id: b-c\n      input:\n        message: ${{ par|";

  const { from, options } = propose(text);
  expect(from).toBe(text.indexOf("par|"));
  expect(options.map(({ label }) => label).slice(0, 4)).toEqual([
    "parameters.owner",
    "parameters.name",
    "steps.a.output.",
    "steps['b-c'].output.",
  ]);
});

test("a chosen key replaces what is typed, and keeps its value", () => {
  const { from, options } = propose("metadata:\n  na|me: x");

  expect(from).toBe(12);
  expect(options.map(({ apply }) => apply)).toEqual(["name", "tags"]);
});
