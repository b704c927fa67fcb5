from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.scaffolder.errors import FieldError
from backstage_py.plugins.scaffolder.installed_action import InstalledAction
from backstage_py.plugins.scaffolder.rows import (
    UNTITLED_PAGE,
    Choice,
    OutputLinkRow,
    OwnerChip,
    ProblemRow,
    PropertyRow,
    build_card,
    build_choices,
    build_dry_run,
    build_links,
    build_owners,
    build_problems,
    build_task,
    build_task_row,
    build_wizard,
    list_properties,
    matches,
    write_duration,
)
from backstage_py.plugins.scaffolder.tasks.task import (
    DryRun,
    DryRunFile,
    OutputLink,
    Task,
    TaskOutput,
    TaskStep,
)
from backstage_py.plugins.scaffolder.templates.template import FormPage, Template
from backstage_py.portal.permissions import never
from tests.conftest import PROJECT

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def catalog() -> CatalogService:
    location = {"type": "file", "target": "demo/catalog/all.yaml"}
    catalog = CatalogService.from_config([location], base_dir=PROJECT)
    catalog.refresh()
    return catalog


def template(**given: Any) -> Template:
    usual: dict[str, Any] = {
        "entity_ref": "template:default/my-service",
        "namespace": "default",
        "name": "My-Service",
        "title": "My service",
        "description": "",
        "type": "service",
    }
    return Template(**{**usual, **given})


def task(**given: Any) -> Task:
    usual: dict[str, Any] = {
        "id": "t1",
        "status": "processing",
        "template_ref": "template:default/my-service",
        "template_title": "My service",
        "created_by": "user:default/amara.okafor",
        "created_at": NOW,
    }
    return Task(**{**usual, **given})


def test_a_card_leads_to_the_form_and_to_the_entity(catalog: CatalogService) -> None:
    card = build_card(template(), catalog=catalog, starred={"template:default/my-service"})

    assert (card.path, card.entity_path, card.is_starred) == (
        "/create/templates/default/My-Service",
        "/catalog/default/template/my-service",
        True,
    )


def test_templates_of_a_type_have_one_colour(catalog: CatalogService) -> None:
    one, other = (
        build_card(template(type=type_), catalog=catalog) for type_ in ("Service", "service")
    )

    assert one.hue == other.hue


def test_an_owner_is_linked_if_the_catalog_knows_it(catalog: CatalogService) -> None:
    assert build_owners(["group:default/platform-team", "group:default/nobody"], catalog) == [
        OwnerChip("Platform", "/catalog/default/group/platform-team"),
        OwnerChip("nobody", ""),
    ]


def test_an_owner_is_not_named_to_those_who_may_not_see_it(catalog: CatalogService) -> None:
    view = catalog.view("user:default/ann", never)
    owner = "group:default/platform-team"

    wizard = build_wizard(template(owner_refs=(owner,)), view)
    row = build_task_row(task(), view)
    shown = build_task(task(), view, now=NOW)

    assert wizard.owners == [OwnerChip("platform-team", "")]
    assert row.owner == shown.owner == OwnerChip("user:amara.okafor", "")


def test_choices_name_owners_briefly_and_keep_what_is_chosen(catalog: CatalogService) -> None:
    values = [("group:default/a", 2), ("user:default/b", 1)]

    assert build_choices(values, ["Group:default/A"], catalog) == [
        Choice("group:default/a", "a", 2, is_chosen=True),
        Choice("user:default/b", "user:b", 1, is_chosen=False),
    ]


def test_a_page_without_a_title_has_a_usual_one(catalog: CatalogService) -> None:
    wizard = build_wizard(template(pages=(FormPage("", "", {"properties": {}}),)), catalog)

    assert [page.title for page in wizard.pages] == [UNTITLED_PAGE]


def test_problems_come_page_by_page() -> None:
    errors = [FieldError(1, ("hosts", 0), "b"), FieldError(0, ("name",), "a")]

    assert build_problems(errors) == [
        ProblemRow(0, ["name"], "a"),
        ProblemRow(1, ["hosts", "0"], "b"),
    ]


def test_a_task_tells_how_far_it_is(catalog: CatalogService) -> None:
    steps = (
        TaskStep("a", "A", "x", "completed", NOW, NOW + timedelta(seconds=3)),
        TaskStep("b", "B", "x", "skipped"),
        TaskStep("c", "C", "x", "processing", NOW),
        TaskStep("d", "D", "x"),
    )

    shown = build_task(task(steps=steps), catalog, now=NOW + timedelta(seconds=75))

    assert shown.done == 50
    assert [one.elapsed for one in shown.steps] == ["3 s", "", "1 min 15 s", ""]
    assert shown.owner.title == "Amara Okafor"


def test_a_row_of_the_list_leads_to_the_task(catalog: CatalogService) -> None:
    row = build_task_row(task(id="b8ad0b0f-7fcc-459c", status="completed"), catalog)

    assert (row.short_id, row.path, row.created, row.status) == (
        "b8ad0b0f",
        "/create/tasks/b8ad0b0f-7fcc-459c",
        "2026-05-04 10:00",
        "completed",
    )


def test_a_task_without_steps_has_nothing_to_do(catalog: CatalogService) -> None:
    assert build_task(task(), catalog, now=NOW).done == 0


def test_outputs_lead_to_pages_and_to_entities(catalog: CatalogService) -> None:
    output = TaskOutput(
        links=(
            OutputLink("Repository", url="https://example.com/r"),
            OutputLink("", entity_ref="component:default/shop"),
            OutputLink("Nowhere"),
            OutputLink("No ref", entity_ref="shop"),
        )
    )

    assert build_links(output) == [
        OutputLinkRow("Repository", "https://example.com/r", is_entity=False),
        OutputLinkRow("component:shop", "/catalog/default/component/shop", is_entity=True),
    ]


def test_a_binary_file_is_listed_with_its_size() -> None:
    files = (DryRunFile("a.txt", 2, "hi"), DryRunFile("logo.png", 3000, None))

    shown = build_dry_run(DryRun((), (), files, TaskOutput()), now=NOW).files

    assert [(one.path, one.text, one.note) for one in shown] == [
        ("a.txt", "hi", ""),
        ("logo.png", "", "3000 bytes"),
    ]


def test_properties_are_listed_with_those_below_them() -> None:
    schema = {
        "required": ["files"],
        "properties": {
            "files": {
                "type": "array",
                "description": "What to move",
                "items": {
                    "type": "object",
                    "required": ["from"],
                    "properties": {"from": {"type": "string"}},
                },
            },
            "level": {"enum": ["low", "high"], "title": "Level."},
            "listWorkspace": {"type": ["boolean", "string"]},
            "anything": {},
        },
    }

    assert list_properties(schema) == [
        PropertyRow("files", "object[]", "What to move", is_required=True),
        PropertyRow("files[].from", "string", "", is_required=True),
        PropertyRow("level", "low | high", "Level", is_required=False),
        PropertyRow("listWorkspace", "boolean | string", "", is_required=False),
        PropertyRow("anything", "any", "", is_required=False),
    ]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [("", True), ("LOG", True), ("debug message", True), ("debug git", False)],
)
def test_an_action_is_found_by_all_words_of_a_text(text: str, *, is_found: bool) -> None:
    assert matches(InstalledAction("debug:log", "Writes a message"), text) is is_found


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (0.42, "0.4 s"),
        (12.9, "12 s"),
        (185, "3 min 5 s"),
        (7800, "2 h 10 min"),
    ],
)
def test_a_duration_is_written_as_people_say_it(seconds: float, text: str) -> None:
    assert write_duration(seconds) == text
