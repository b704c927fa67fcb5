"""The reference of the actions is true to the actions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from backstage_py.analytics import open_engine
from backstage_py.plugins.scaffolder.actions.installed import _read_reference
from backstage_py.plugins.scaffolder.expressions.renderer import DirectRenderer
from backstage_py.plugins.scaffolder.installed_action import InstalledAction
from backstage_py.plugins.scaffolder.templates.json_schema import list_problems
from tests.unit.plugins.scaffolder.conftest import make_bench


@pytest.fixture(scope="module")
def actions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, InstalledAction]:
    folder: Path = tmp_path_factory.mktemp("installed")
    scaffolder = make_bench(folder, open_engine({"DATABASE_URL": "sqlite://"})).open()
    scaffolder.provide_notifications(lambda notification, *, sender: None)
    return {action.id: action for action in scaffolder.list_actions()}


@pytest.fixture(scope="module")
def renderer() -> Iterator[DirectRenderer]:
    with DirectRenderer() as renderer:
        yield renderer


def test_every_described_action_is_installed(actions: dict[str, InstalledAction]) -> None:
    assert actions.keys() == _read_reference().keys()


def test_actions_are_listed_by_id(actions: dict[str, InstalledAction]) -> None:
    assert list(actions) == sorted(actions)


@pytest.mark.parametrize("action_id", _read_reference())
def test_every_example_is_a_step_that_its_schema_takes(
    actions: dict[str, InstalledAction], renderer: DirectRenderer, action_id: str
) -> None:
    repo_url = "github.com?owner=a&repo=b"
    parameters = {"name": "shop", "owner": "group:default/x", "repoUrl": repo_url}
    values: dict[str, Any] = {"parameters": {**parameters, "description": "A shop"}}
    published = {"repoContentsUrl": "git:data/x.git", "projectId": 1}
    pull = {"output": {"pullRequestNumber": 1}}
    values["steps"] = {"publish": {"output": published}, "pull": pull}
    assert actions[action_id].examples
    for example in actions[action_id].examples:
        for step in yaml.safe_load(example.yaml):
            assert step["action"] == action_id
            given = renderer.render(step["input"], values)
            assert list_problems(actions[action_id].input_schema, given) == []
            assert given.keys() <= actions[action_id].input_schema["properties"].keys()
