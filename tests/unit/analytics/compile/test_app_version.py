from pathlib import Path

import pytest

from backstage_py.analytics.compile.app_version import find_app_version


@pytest.mark.parametrize(
    ("project", "app", "version"),
    [
        ('[project]\nname = "shop"\nversion = "2.4.0"', "shop", "2.4.0"),
        ('[project]\ndynamic = ["version"]', "no_such_package_here", None),
        ("[project", "no_such_package_here", None),
        ("project = 1", "no_such_package_here", None),
        (None, "no_such_package_here", None),
    ],
)
def test_an_apps_version_is_that_of_its_project(
    tmp_path: Path, project: str | None, app: str, version: str | None
) -> None:
    if project is not None:
        (tmp_path / "pyproject.toml").write_text(project)

    assert find_app_version(app, tmp_path) == version


def test_an_app_that_is_installed_has_the_version_of_its_package(tmp_path: Path) -> None:
    assert find_app_version("pytest", tmp_path) == pytest.__version__
