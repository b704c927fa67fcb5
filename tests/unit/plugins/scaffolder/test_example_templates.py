"""The templates of the Backstage project: read as they are, and run as far as they can be here."""

import json
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import yaml

from backstage_py.analytics import open_engine, utc_now
from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.catalog.ingestion.registrations import Registrations
from backstage_py.plugins.catalog.store import CatalogStore
from backstage_py.plugins.scaffolder.actions.action import Action, Requester
from backstage_py.plugins.scaffolder.actions.installed import ActionRegistry
from backstage_py.plugins.scaffolder.expressions.renderer import DirectRenderer
from backstage_py.plugins.scaffolder.installed_action import InstalledAction
from backstage_py.plugins.scaffolder.service import Scaffolder, Surroundings
from backstage_py.plugins.scaffolder.settings import ScaffolderSettings
from backstage_py.plugins.scaffolder.tasks.dry_run import DryRunner
from backstage_py.plugins.scaffolder.tasks.spec import TaskSpec
from backstage_py.plugins.scaffolder.templates.json_schema import list_problems
from backstage_py.plugins.scaffolder.templates.source import CatalogSource
from backstage_py.plugins.scaffolder.templates.template import Template
from tests.unit.plugins.scaffolder.conftest import USER

MISSING = {
    "bitbucket-demo": ["publish:bitbucket"],
    "create-react-app-template": ["publish:github"],
    "demo-template": ["publish:github", "github:pages:enable", "github:actions:dispatch"],
    "docs-template": ["publish:github"],
    "example-nodejs-template": ["publish:github"],
    "gitlab-merge-request": ["publish:gitlab:merge-request"],
    "notifications-demo": ["notification:send"],
    "pull-request": ["publish:github:pull-request"],
    "react-ssr-template": ["publish:github"],
    "scaffold-bancolombia-java": ["publish:github"],
    "springboot-template": ["publish:github"],
    "test-v1beta3": [],
}
"""Of each template the actions that it cannot do without and that are not installed here."""
FROM_ELSEWHERE = {"bitbucket-demo", "demo-template", "pull-request"}
"""These fetch from the network, or a skeleton that is not here."""
VALUES: Mapping[str, Any] = {
    "name": "my-app",
    "component_id": "my-app",
    "owner": "group:default/team-a",
    "description": "An app",
    "repoUrl": "github.com?owner=team-a&repo=my-app",
    "java_package_name": "com.example.app",
    "package": "com.example.app",
    "inputString": "hello",
    "inputObject": {"first": "a", "second": 2},
}


def list_templates(folder: Path) -> list[Path]:
    return [
        file
        for file in sorted(folder.glob("**/template.yaml"))
        if "scaffolder.backstage.io/v1beta3" in file.read_text(encoding="utf-8")
    ]


@pytest.fixture(scope="module")
def scaffolder(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Scaffolder:
    work = tmp_path_factory.mktemp("examples")
    folder = shared_folder / "data" / "templates"
    engine = open_engine({"DATABASE_URL": f"sqlite:///{work / 'portal.db'}"})
    store = CatalogStore(engine)
    targets = [str(file.relative_to(folder)) for file in list_templates(folder)]
    catalog = CatalogService.from_config(
        [{"type": "file", "target": target} for target in targets], base_dir=folder
    )
    catalog.refresh()
    settings = {
        "workingDirectory": str(work / "work"),
        "publish": {"git": {"folder": str(work / "git")}, "file": {"folder": str(work / "files")}},
    }
    return Scaffolder(
        Surroundings(
            catalog=catalog,
            registrations=Registrations(catalog, store),
            engine=engine,
            settings=ScaffolderSettings.model_validate(settings),
            base_dir=folder,
            now=utc_now,
            record=lambda event, user: None,
            open_renderer=lambda extensions: nullcontext(DirectRenderer(extensions)),
        )
    )


def fill_in(template: Template) -> dict[str, Any]:
    """Values that the form takes: those above where it asks for them, else what its schema says."""
    values: dict[str, Any] = {}
    for page in template.pages:
        for name, field in page.schema.get("properties", {}).items():
            values[name] = _choose(name, field)
    return values


def _choose(name: str, field: Mapping[str, Any]) -> Any:
    if "default" in field:
        return field["default"]
    if field.get("enum"):
        return field["enum"][0]
    if name in VALUES:
        return VALUES[name]
    return {"array": [], "boolean": True, "number": 1, "object": {}}.get(field.get("type", ""), "x")


def test_every_template_is_in_the_catalog_and_can_be_run(
    scaffolder: Scaffolder, shared_folder: Path
) -> None:
    files = list_templates(shared_folder / "data" / "templates")
    listed = scaffolder.list_templates()

    assert {template.name for template in listed} == MISSING.keys()
    written = {
        yaml.safe_load(file.read_text(encoding="utf-8"))["metadata"]["name"] for file in files
    }
    assert {template.name for template in listed} == written
    assert [template.problem for template in listed] == [""] * len(listed)


def test_the_form_of_every_template_has_its_pages_and_usable_schemas(
    scaffolder: Scaffolder,
) -> None:
    for template in scaffolder.list_templates():
        assert template.pages
        for page in template.pages:
            assert page.title
            json.dumps(page.schema)
            list_problems(page.schema, {})


def test_every_template_takes_values_that_fit_its_form(scaffolder: Scaffolder) -> None:
    for template in scaffolder.list_templates():
        values = fill_in(template)
        assert scaffolder.validate(template, values) == (), template.name


@pytest.mark.parametrize("name", MISSING)
def test_a_template_runs_to_its_end_or_names_the_actions_that_are_missing(
    scaffolder: Scaffolder, name: str
) -> None:
    template = scaffolder.get_template(f"template:default/{name}")
    task_id = scaffolder.create_task(template.entity_ref, fill_in(template), user=USER)
    scaffolder.worker.run_pending()

    task = scaffolder.get_task(task_id)
    assert task.status == ("failed" if MISSING[name] else "completed")
    assert all(action in task.error for action in MISSING[name])
    assert ("not installed in this portal" in task.error) == bool(MISSING[name])


@pytest.mark.parametrize("name", sorted(MISSING.keys() - FROM_ELSEWHERE))
def test_with_somebody_to_publish_it_a_template_runs_to_its_end(
    scaffolder: Scaffolder, name: str
) -> None:
    url = "https://git.example/team-a/my-app"
    outputs = {"remoteUrl": url, "repoContentsUrl": url, "mergeRequestUrl": url}
    template = scaffolder.get_template(f"template:default/{name}")
    actions = ActionRegistry(scaffolder._actions._actions.values())
    for action_id in [*MISSING[name], "catalog:register", "notification:send"]:
        about = InstalledAction(action_id, "Stands in", supports_dry_run=True)
        actions.register(Action(about, lambda context: outputs))
    runner = DryRunner(actions, lambda: nullcontext(DirectRenderer()), utc_now)
    entity = scaffolder._catalog.get_entity("template", "default", name)
    spec = TaskSpec(entity, fill_in(template), Requester(USER))
    source = CatalogSource(scaffolder._catalog, entity)

    run = runner.run(template, spec, secrets={}, source=source)

    assert not run.error
    assert {step.status for step in run.steps} <= {"completed", "skipped"}
    if template.steps[0].action == "fetch:template":
        assert run.files
        assert not any("${{ values" in (file.text or "") for file in run.files)
