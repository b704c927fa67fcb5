from textwrap import dedent
from typing import Any

import pytest

from backstage_py.plugins.catalog.api import Entity
from backstage_py.plugins.scaffolder.errors import TemplateError
from backstage_py.plugins.scaffolder.templates.reader import parse_entity, read_template
from backstage_py.plugins.scaffolder.templates.template import ButtonLabels, Template

TEMPLATE_HEAD = "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\n"


def read(spec: dict[str, Any], *, api: str = "v1beta3", **metadata: Any) -> Template:
    steps = {"steps": [{"action": "debug:log"}]}
    return read_template(
        Entity(
            f"scaffolder.backstage.io/{api}",
            "Template",
            {"name": "new", **metadata},
            {"type": "service", **steps, **spec},
        )
    )


def test_parameters_are_a_page_or_a_list_of_pages() -> None:
    page = {"title": "About", "description": "it", "properties": {"a": {"ui:widget": "textarea"}}}

    (one,) = read({"parameters": page}).pages
    assert (one.title, one.description, one.schema) == ("About", "it", page)
    assert [page.title for page in read({"parameters": [page, {}]}, title="New").pages] == [
        "About",
        "New",
    ]
    assert read({}).pages == ()
    assert read({"parameters": "nonsense"}).pages == ()


def test_pages_behind_a_feature_flag_are_hidden() -> None:
    pages = [{"title": "A"}, {"title": "B", "backstage:featureFlag": "beta"}]

    assert [page.title for page in read({"parameters": pages}).pages] == ["A"]


def test_steps_have_ids_and_names_even_where_none_are_written() -> None:
    first, second = read(
        {"steps": [{"action": "a"}, {"action": "b", "id": "x", "name": "X"}]}
    ).steps

    assert (first.id, first.name) == ("step-1", "a")
    assert (second.id, second.name) == ("x", "X")


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ({"steps": None}, "spec.steps: must be a list"),
        ({"steps": [{"id": "a"}]}, r"spec.steps\[0\]: must be an object that names an action"),
        ({"steps": [{"action": "a"}] * 201}, "at most 200"),
    ],
)
def test_a_template_that_cannot_be_run_says_why(spec: dict[str, Any], problem: str) -> None:
    import re

    assert re.search(problem, read(spec).problem)


def test_an_old_template_is_shown_and_not_run() -> None:
    assert "write scaffolder.backstage.io/v1beta3" in read({}, api="v1beta2").problem
    assert not read({}).problem


def test_labels_time_and_recovery_are_read() -> None:
    template = read(
        {
            "presentation": {"buttonLabels": {"createButtonText": "Go", "backButtonText": 1}},
            "EXPERIMENTAL_recovery": {"EXPERIMENTAL_strategy": "startOver"},
        },
        annotations={"backstage.io/time-saved": "PT4H"},
    )

    assert template.button_labels == ButtonLabels(create="Go")
    assert template.minutes_saved == 240
    assert template.can_start_over


def test_the_editor_reads_yaml_and_names_what_is_wrong() -> None:
    text = """
        apiVersion: scaffolder.backstage.io/v1beta3
        kind: Template
        metadata: {name: new}
        spec: {type: service, steps: []}
    """
    assert read_template(parse_entity(dedent(text))).entity_ref == "template:default/new"

    for wrong, message in (
        ("a: [", "line 1: must be valid YAML"),
        ("- a", "an entity must be a mapping"),
        ("kind: Component", "apiVersion: must be a version"),
        (TEMPLATE_HEAD, "metadata: must be a mapping"),
        (TEMPLATE_HEAD + "metadata: {name: a}", "spec: must be a mapping"),
        ("x" * 2_000_000, "at most"),
        ("a: &a [*a]", "must be valid YAML|nested"),
        (
            "a0: &a0 [x]\n"
            + "\n".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 40)),
            "aliases expanded",
        ),
    ):
        with pytest.raises(TemplateError, match=message):
            parse_entity(wrong)
