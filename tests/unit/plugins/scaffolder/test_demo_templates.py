"""A visitor of the demo can run its templates."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from backstage_py.analytics import open_engine
from backstage_py.plugins.scaffolder.expressions.isolated_renderer import IsolatedRenderer
from backstage_py.plugins.scaffolder.service import Scaffolder
from tests.unit.plugins.scaffolder.conftest import Bench

DEMO = Path(__file__).parents[4] / "demo" / "catalog"
SERVICE = {
    "name": "seat-map",
    "description": "Shows which seats are free: on board, and before",
    "owner": "group:default/ticketing-team",
    "system": "system:default/ticket-shop",
}


@pytest.fixture
def demo(tmp_path: Path) -> Scaffolder:
    shutil.copytree(DEMO, tmp_path / "catalog", ignore=shutil.ignore_patterns("all.yaml"))
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'portal.db'}"})
    return Bench(tmp_path, engine).open(open_renderer=IsolatedRenderer)


def run(demo: Scaffolder, name: str, values: dict[str, Any]) -> Any:
    user = "user:default/leila.haddad"
    task_id = demo.create_task(f"template:default/{name}", values, user=user)
    demo.worker.run_pending()
    return demo.get_task(task_id)


def test_all_templates_of_the_demo_can_be_run_and_say_what_they_save(demo: Scaffolder) -> None:
    assert {one.name: one.minutes_saved for one in demo.list_templates()} == {
        "event-api": 90,
        "on-call-rota": 45,
        "service": 480,
        "website": 240,
    }
    assert not any(one.problem for one in demo.list_templates())


def test_a_service_is_published_and_registered(demo: Scaffolder) -> None:
    database = {"needsDatabase": True, "database": "postgresql", "retention": 30}
    task = run(demo, "service", {**SERVICE, **database})

    assert (task.status, task.error) == ("completed", "")
    assert [link.entity_ref for link in task.output.links] == ["component:default/seat-map"]
    entity = demo._catalog.get_entity("component", "default", "seat-map")
    assert entity.description == SERVICE["description"]
    assert entity.list_targets("ownedBy") == ["group:default/ticketing-team"]
    again = run(demo, "service", SERVICE)
    assert "seat-map.git is published already; choose another name" in again.error


def test_conditional_questions_are_asked_and_make_files(demo: Scaffolder) -> None:
    template = demo.get_template("template:default/service")

    wrong = demo.validate(template, {**SERVICE, "needsDatabase": True, "needsEvents": True})
    assert {(one.page, one.field) for one in wrong} == {
        (2, "database"),
        (2, "retention"),
        (2, "topic"),
    }
    assert demo.validate(template, {**SERVICE, "needsDatabase": False}) == ()
    for values, paths in (
        ({}, set()),
        (
            {"needsDatabase": True, "database": "sqlite", "retention": 1},
            {"migrations/0001_first.sql"},
        ),
    ):
        dry_run = demo.dry_run(template, {**SERVICE, **values}, user="user:default/guest")
        assert not dry_run.error
        found = {file.path for file in dry_run.files}
        assert found - {".gitignore", "README.md", "catalog-info.yaml", "src/main.py"} == paths


def test_an_event_api_and_a_website_come_to_their_end(demo: Scaffolder, tmp_path: Path) -> None:
    values = {"name": "door-events", "owner": "group:default/rolling-stock-team"}
    api = run(demo, "event-api", {**values, "topic": "fleet.doors"})
    assert (api.status, api.error) == ("completed", "")
    assert demo._catalog.find_by_ref("api:default/door-events")

    website = run(demo, "website", {**values, "languages": ["Sami"]})
    assert (website.status, website.error) == ("completed", "")
    page = tmp_path / "data/published/websites/door-events/index.html"
    assert "<li>Sami</li>" in page.read_text(encoding="utf-8")


def test_one_fails_and_says_what_is_missing_before_it_does_anything(demo: Scaffolder) -> None:
    values = {"service": "component:default/x", "team": "group:default/platform-team", "weeks": 4}
    task = run(demo, "on-call-rota", values)

    assert "the action pager:rota:create is not installed in this portal" in task.error
    assert [step.status for step in task.steps] == ["open", "failed"]
