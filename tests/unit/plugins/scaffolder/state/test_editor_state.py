"""The editor's handlers, over real software templates."""

import base64
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest

from backstage_py.analytics import SCAFFOLDER_TEMPLATE_MANAGEMENT, find_access
from backstage_py.plugins.scaffolder.components import template_editor
from backstage_py.plugins.scaffolder.rows import DryRunRow, WizardRow
from backstage_py.plugins.scaffolder.state import editor_state
from backstage_py.plugins.scaffolder.state.editor_state import EditorState
from tests.loops import run
from tests.unit.plugins.scaffolder.conftest import USER, Bench

TEMPLATE = """\
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: draft, title: Draft}
spec:
  type: service
  parameters: {required: [name], properties: {name: {type: string}}}
  steps:
    - id: get
      action: fetch:template
      input: {url: ./skeleton, values: {name: '${{ parameters.name }}'}}
    - {id: send, action: 'publish:git', input: {repoUrl: 'local?owner=a&repo=b'}}
"""
FILES = [
    {
        "path": "skeleton/a.txt",
        "base64Content": base64.b64encode(b"I am ${{ values.name }}").decode(),
    }
]


class Shown(SimpleNamespace):
    """What a running handler sees of its state."""

    _forget_run = EditorState._forget_run
    _tell = EditorState._tell

    def __init__(self) -> None:
        super().__init__(
            template=WizardRow(),
            problems=[],
            checked=0,
            is_stale=False,
            form_problems=[],
            ticket="",
            message="",
            unchecked="",
            is_busy=False,
            dry_run=DryRunRow(),
            tried="",
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...

    def call(self, name: str, *arguments: Any) -> None:
        run(cast("Any", EditorState.event_handlers[name]).fn(self, *arguments))


@pytest.fixture
def shown(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Shown:
    scaffolder = bench.open()
    monkeypatch.setattr(editor_state, "get_scaffolder", lambda: scaffolder)
    monkeypatch.setattr(editor_state, "see_catalog", lambda _user: scaffolder._catalog)
    monkeypatch.setattr(editor_state, "current_user", lambda _state: USER)
    return Shown()


def test_a_check_shows_the_form_and_what_is_wrong(shown: Shown) -> None:
    shown.call("check", TEMPLATE.replace("type: service", "typ: service"), [], 1)

    assert shown.template.title == "Draft"
    assert [page.schema["properties"] for page in shown.template.pages] == [
        {"name": {"type": "string"}}
    ]
    assert [(one.line, one.message, one.is_warning) for one in shown.problems] == [
        (4, "spec.type: is required (got nothing)", False)
    ]
    assert (shown.checked, shown.is_stale) == (1, False)


def test_while_the_text_cannot_be_read_the_last_form_stays(shown: Shown) -> None:
    shown.call("check", TEMPLATE, [], 1)
    shown.call("check", f"{TEMPLATE}  - [", [], 2)

    assert shown.template.title == "Draft"
    assert shown.is_stale
    assert [one.line for one in shown.problems] == [12]


def test_a_check_that_comes_late_changes_nothing(shown: Shown) -> None:
    shown.call("check", TEMPLATE, [], 2)
    shown.call("check", "a: [", [], 1)

    assert (shown.checked, shown.problems, shown.is_stale) == (2, [], False)


def test_a_dry_run_shows_files_and_log_and_writes_nowhere(shown: Shown, bench: Bench) -> None:
    before = {path for path in bench.folder.rglob("*") if path.is_file()}
    shown.call("try_out", TEMPLATE, FILES, {"name": "Ada"}, {})

    assert not shown.message
    assert shown.tried
    assert [(file.path, file.text) for file in shown.dry_run.files] == [("a.txt", "I am Ada")]
    assert "Left out in a dry run: publish:git" in [line.message for line in shown.dry_run.log]
    after = {path for path in bench.folder.rglob("*") if path.is_file()}
    assert after == before
    assert not bench.events


def test_values_that_are_not_taken_are_told_at_their_fields(shown: Shown) -> None:
    shown.call("check", TEMPLATE, [], 1)
    shown.call("try_out", TEMPLATE, FILES, {}, {})

    assert [(one.page, one.path, one.message) for one in shown.form_problems] == [
        (0, ["name"], "is required")
    ]
    assert (shown.tried, shown.message, shown.is_busy) == ("", "", False)
    assert shown.ticket


@pytest.mark.parametrize(
    ("text", "files", "message"),
    [
        ("a: [", [], "line 1: must be valid YAML"),
        (TEMPLATE.replace("kind: Template", "kind: Component"), [], "line 1: apiVersion"),
        (TEMPLATE, [{"path": "a"}], "open them again"),
        (TEMPLATE, [{"path": "a", "base64Content": "*"}], "open them again"),
    ],
)
def test_what_cannot_be_tried_is_told(
    shown: Shown, text: str, files: list[dict[str, str]], message: str
) -> None:
    shown.call("try_out", text, files, {"name": "Ada"}, {})

    assert message in shown.message
    assert not shown.tried
    assert not shown.is_busy


def test_a_check_that_had_to_wait_is_forgotten_with_the_next_one(shown: Shown) -> None:
    shown.call("try_out", "a: [", [], {}, {})
    shown.call("check", TEMPLATE, [{"path": "a"}], 1)
    refused = shown.unchecked
    shown.call("check", TEMPLATE, [], 2)

    assert "open them again" in refused
    assert not shown.unchecked
    assert "must be valid YAML" in shown.message


def test_a_file_that_was_not_opened_fails_its_step(shown: Shown) -> None:
    shown.call("try_out", TEMPLATE, [], {"name": "Ada"}, {})

    assert "./skeleton is not among the files of the template" in shown.dry_run.error


def test_the_example_has_no_problems_and_runs(shown: Shown) -> None:
    folder = Path(template_editor.__file__).parent
    example = (folder / "example_template.yaml").read_text(encoding="utf-8")

    shown.call("check", example, [], 1)
    shown.call("try_out", example, [], {"name": "my-thing"}, {})
    assert (shown.problems, shown.message, shown.dry_run.error) == ([], "", "")
    assert [file.path for file in shown.dry_run.files] == ["catalog-info.yaml"]


def test_every_handler_is_for_those_who_may_manage_templates() -> None:
    for name in ("load", "check", "forget_run", "try_out"):
        rule = find_access(cast("Any", EditorState.event_handlers[name]).fn, EditorState)
        assert rule is not None
        assert rule == SCAFFOLDER_TEMPLATE_MANAGEMENT or SCAFFOLDER_TEMPLATE_MANAGEMENT in str(rule)
