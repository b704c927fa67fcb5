"""The templates of the Backstage project, read from a GitHub and run to their end.

The services are stand-ins on this machine, and the repositories in them are real.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import yaml

from backstage_py.analytics import open_engine, utc_now
from backstage_py.plugins.catalog.api import CatalogService, Integrations
from backstage_py.plugins.catalog.ingestion.registrations import Registrations
from backstage_py.plugins.catalog.integrations.settings import IntegrationSettings
from backstage_py.plugins.catalog.service import source_opener
from backstage_py.plugins.catalog.sources.locations import CatalogLocation
from backstage_py.plugins.catalog.sources.reading_settings import ReadingSettings
from backstage_py.plugins.catalog.store import CatalogStore
from backstage_py.plugins.scaffolder.expressions.renderer import DirectRenderer
from backstage_py.plugins.scaffolder.service import Dependencies, Scaffolder
from backstage_py.plugins.scaffolder.settings import ScaffolderSettings
from backstage_py.plugins.scaffolder.templates.json_schema import list_problems
from backstage_py.plugins.scaffolder.templates.template import Template
from tests.services import Services, serve
from tests.unit.plugins.scaffolder.conftest import USER

RENDERER = DirectRenderer()
"""One for all: V8 must not be ended by the thread of a server."""
HOME = "backstage/software-templates"
GITHUB, GITLAB, BITBUCKET = "https://github.com", "https://gitlab.com", "https://bitbucket.org"
REPO_URLS = {
    "bitbucket-demo": "bitbucket.org?workspace=team-a&project=WEB&repo=bitbucket-demo",
    "gitlab-merge-request": "gitlab.com?owner=team-a&repo=existing",
    "pull-request": "github.com?owner=team-a&repo=existing",
}
ENDS: Mapping[str, list[str]] = {
    "bitbucket-demo": ["GIT/team-a/bitbucket-demo.git", "component:default/bitbucket-demo"],
    "create-react-app-template": ["GIT/team-a/create-react-app-template.git", "COMPONENT"],
    "demo-template": [
        "GIT/team-a/demo-template.git",
        f"{GITHUB}/team-a/demo-template/actions/workflows/pages.yml",
    ],
    "docs-template": ["GIT/team-a/docs-template.git", "COMPONENT"],
    "example-nodejs-template": ["GIT/team-a/example-nodejs-template.git", "COMPONENT"],
    "gitlab-merge-request": [f"{GITLAB}/team-a/existing/-/merge_requests/2"],
    "notifications-demo": [],
    "pull-request": [f"{GITHUB}/team-a/existing/pull/7"],
    "react-ssr-template": ["GIT/team-a/react-ssr-template.git", "COMPONENT"],
    "scaffold-bancolombia-java": ["GIT/team-a/scaffold-bancolombia-java.git", "COMPONENT"],
    "springboot-template": ["GIT/team-a/springboot-template.git", "COMPONENT"],
    "test-v1beta3": [],
}
"""Of each template the links that it ends with."""
VALUES: Mapping[str, Any] = {
    "owner": "group:default/team-a",
    "description": "An app",
    "java_package_name": "com.example.app",
    "package": "com.example.app",
    "inputString": "hello",
    "inputObject": {"first": "a", "second": 2},
    "branchName": "add-it",
    "targetPath": "added",
    "entityRefs": ["user:default/leila"],
}


def list_templates(folder: Path) -> list[Path]:
    return [
        file
        for file in sorted(folder.glob("**/template.yaml"))
        if "scaffolder.backstage.io/v1beta3" in file.read_text(encoding="utf-8")
    ]


@pytest.fixture(scope="module")
def services(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = shared_folder / "data" / "templates"
    files = {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }
    # This one's skeleton is not in the shared folder.
    skeleton = {"demo-template/template/skeleton/README.md": b"# ${{ values.name }}"}
    with serve(tmp_path_factory.mktemp("services")) as services:
        services.commit(HOME, {**files, **skeleton})
        services.commit("backstage/community", {"backstage-community-sessions/README.md": "# Hi"})
        services.commit("team-a/existing", {"README.md": "# Existing"})
        yield services


@pytest.fixture(scope="module")
def scaffolder(
    shared_folder: Path, services: Services, tmp_path_factory: pytest.TempPathFactory
) -> Scaffolder:
    work = tmp_path_factory.mktemp("examples")
    folder = shared_folder / "data" / "templates"
    engine = open_engine({"DATABASE_URL": f"sqlite:///{work / 'portal.db'}"})
    store = CatalogStore(engine)
    targets = [file.relative_to(folder).as_posix() for file in list_templates(folder)]
    locations = [CatalogLocation("url", f"{GITHUB}/{HOME}/blob/main/{one}") for one in targets]
    integrations = Integrations(IntegrationSettings.model_validate(services.config))
    allowed = {"allow": [{"host": f"localhost:{services.server_port}"}]}
    catalog = CatalogService(
        locations,
        base_dir=work,
        open_sources=source_opener(
            locations,
            base_dir=work,
            reading=ReadingSettings.from_config(allowed),
            integrations=integrations,
        ),
    )
    catalog.refresh()
    scaffolder = Scaffolder(
        Dependencies(
            catalog=catalog,
            registrations=Registrations(catalog, store),
            engine=engine,
            settings=ScaffolderSettings.model_validate({"workingDirectory": str(work / "work")}),
            base_dir=work,
            now=utc_now,
            record=lambda event, user: None,
            open_renderer=lambda extensions: nullcontext(RENDERER),
            integrations=integrations,
        )
    )
    scaffolder.provide_notifications(lambda *given, **more: None)
    return scaffolder


def fill_in(template: Template) -> dict[str, Any]:
    """Values that the form takes: those above where it asks for them, else what its schema says."""
    repo_url = f"github.com?owner=team-a&repo={template.name}"
    own = {
        **VALUES,
        "name": template.name,
        "component_id": template.name,
        "repoUrl": REPO_URLS.get(template.name, repo_url),
    }
    values: dict[str, Any] = {}
    for page in template.pages:
        for name, field in page.schema.get("properties", {}).items():
            values[name] = _choose(own, name, field)
    return values


def _choose(own: Mapping[str, Any], name: str, field: Mapping[str, Any]) -> Any:
    if "default" in field:
        return field["default"]
    if field.get("enum"):
        return field["enum"][0]
    if name in own:
        return own[name]
    return {"array": [], "boolean": True, "number": 1, "object": {}}.get(field.get("type", ""), "x")


def test_every_template_is_in_the_catalog_and_can_be_run(
    scaffolder: Scaffolder, shared_folder: Path
) -> None:
    files = list_templates(shared_folder / "data" / "templates")
    listed = scaffolder.list_templates()

    assert {template.name for template in listed} == ENDS.keys()
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


@pytest.mark.parametrize("name", ENDS)
def test_a_template_runs_to_its_end(scaffolder: Scaffolder, services: Services, name: str) -> None:
    template = scaffolder.get_template(f"template:default/{name}")
    task_id = scaffolder.create_task(template.entity_ref, fill_in(template), user=USER)
    scaffolder.worker.run_pending()

    task = scaffolder.get_task(task_id)
    assert (task.status, task.error) == ("completed", "")
    assert {step.status for step in task.steps} == {"completed"}
    ends = [
        one.replace("GIT", f"{services.url}/git").replace("COMPONENT", f"component:default/{name}")
        for one in ENDS[name]
    ]
    assert [link.url or link.entity_ref for link in task.output.links] == ends
    log = "".join(line.message for line in scaffolder.read_log(task_id))
    assert "service-token" not in log
    if services.repository(f"team-a/{name}").exists():
        files = services.list_files(f"team-a/{name}")
        assert files
        assert not any("${{ values" in services.read(f"team-a/{name}", file) for file in files)
