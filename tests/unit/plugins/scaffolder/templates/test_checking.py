from textwrap import dedent

import pytest

from backstage_py.plugins.scaffolder.installed_action import InstalledAction
from backstage_py.plugins.scaffolder.templates.checking import CheckedTemplate, check_template

FETCH = InstalledAction(
    "fetch:plain",
    "Copies",
    {
        "type": "object",
        "required": ["url"],
        "properties": {"url": {"type": "string"}, "depth": {"type": "integer"}},
    },
)
HEAD = """\
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: new
spec:
  type: service
"""


def check(text: str, files: dict[str, bytes] | None = None) -> CheckedTemplate:
    return check_template(text, {FETCH.id: FETCH}, files)


def say(checked: CheckedTemplate) -> list[tuple[int, str]]:
    return [(one.line, one.message) for one in checked.problems]


def step(input_: str) -> str:
    return f"{HEAD}  steps:\n    - action: fetch:plain\n      input: {input_}\n"


def test_a_valid_template_has_no_problems_and_a_form() -> None:
    checked = check(
        f"{HEAD}  parameters: {{title: A}}\n  steps: [{{action: 'fetch:plain', input: {{url: .}}}}]"
    )

    assert checked.problems == ()
    assert checked.template is not None
    assert [page.title for page in checked.template.pages] == ["A"]


def test_what_is_wrong_is_told_at_its_line_and_the_form_is_kept() -> None:
    checked = check(
        dedent("""
        apiVersion: scaffolder.backstage.io/v1beta3
        kind: Template
        metadata:
          name: a b
          tags: 5
        spec:
          parameters:
            - title: First
            - properties: {a: {pattern: '['}}
          steps:
            - id: 7
              action: fetch:plain
        """)
    )

    assert [line for line, _ in say(checked)] == [5, 6, 7, 10, 12, 12]
    texts = " | ".join(text for _, text in say(checked))
    for text in (
        "metadata.name: must be 1-63 characters",
        "metadata.tags: must be a list (got 5)",
        "spec.type: is required",
        "spec.parameters[1]: the form cannot be used",
        "spec.steps[0].id: must be of type string",
        "spec.steps[0].input.url: is required",
    ):
        assert text in texts
    assert checked.template is not None
    assert len(checked.template.pages) == 2


@pytest.mark.parametrize(
    ("input_", "problems"),
    [
        ("{url: x}", []),
        ("{url: '${{ parameters.url }}', depth: '${{ parameters.depth }}'}", []),
        ("{url: 5}", [(9, '.url: 5 is not of type "string"', False)]),
        (
            "{url: x, deep: 5}",
            [(9, ".deep: fetch:plain does not know it; it takes url, depth", True)],
        ),
        ("{}", [(9, ".url: is required", False)]),
    ],
)
def test_the_input_of_a_step_is_checked_unless_it_is_an_expression(
    input_: str, problems: list[tuple[int, str, bool]]
) -> None:
    found = [
        (one.line, one.message.removeprefix("spec.steps[0].input"), one.is_warning)
        for one in check(step(input_)).problems
    ]

    assert found == problems


def test_an_action_that_is_not_installed_is_a_warning() -> None:
    (problem,) = check(f"{HEAD}  steps: [{{action: 'other:one'}}]").problems

    assert problem.is_warning
    assert problem.message == "spec.steps[0].action: other:one is not installed in this portal"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "there is no template in this file yet"),
        ("a: 1\nb: [", 2, "must be valid YAML"),
        ("x" * 1_000_001, 1, "at most 1000000 characters"),
    ],
)
def test_what_cannot_be_read_has_no_form(text: str, line: int, message: str) -> None:
    checked = check(text)

    assert checked.template is None
    ((at, said),) = say(checked)
    assert at == line
    assert message in said


def test_placeholders_are_read_from_the_files_beside_the_template() -> None:
    text = f"{HEAD}  parameters:\n    - $yaml: ./pages/first.yaml\n  steps: []\n"

    checked = check(text, {"pages/first.yaml": b"title: From a file"})
    assert checked.problems == ()
    assert checked.template is not None
    assert checked.template.pages[0].title == "From a file"
    ((line, said),) = say(check(text))
    assert line == 8
    assert "open the folder of the template" in said


def test_other_documents_of_the_file_do_not_matter() -> None:
    other = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\n---\n"

    assert check(f"{other}{HEAD}  steps: []\n").problems == ()
