import sys
from pathlib import Path
from typing import Any

import pytest

from backstage_py.analytics.backends.api import NoOpAnalyticsApi
from backstage_py.analytics.backends.registry import read_backends
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import ConfigurationError
from backstage_py.analytics.extras import install_hint


def declare(folder: Path, value: str) -> None:
    """An installed package that declares the module `pigeon`."""
    about = folder / "pigeons-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeons\nVersion: 1.0\n")
    text = f"[backstage_py.analytics_modules]\npigeon = {value}\n"
    (about / "entry_points.txt").write_text(text)


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    return tmp_path


def no_users(_sessions: Any) -> Any:
    return {}


def built(section: str) -> str:
    config = Config({"app": {"analytics": {section: {}}}})
    (backend,) = read_backends(config, no_users)
    return type(backend.api).__name__


def test_a_module_of_another_package_is_found_by_its_entry_point(packages: Path) -> None:
    declare(packages, "backstage_py.analytics:NoOpAnalyticsApi")

    assert built("pigeon") == NoOpAnalyticsApi.__name__


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("pigeons.away:Pigeon", "app.analytics.pigeon: is declared as pigeons.away:Pigeon"),
        ("pathlib:Path", "app.analytics.pigeon: is Path"),
    ],
)
def test_an_entry_point_that_is_wrong_is_one_clear_error(
    packages: Path, value: str, problem: str
) -> None:
    declare(packages, value)

    with pytest.raises(ConfigurationError) as raised:
        built("pigeon")
    assert str(raised.value).startswith(problem)


def test_modules_of_other_packages_are_among_the_known_ones(packages: Path) -> None:
    declare(packages, "backstage_py.analytics:NoOpAnalyticsApi")

    with pytest.raises(ConfigurationError, match="pigeon"):
        built("pidgeon")


def test_a_missing_package_is_named_with_the_extra_that_brings_it() -> None:
    assert install_hint(ModuleNotFoundError("no", name="nats.aio")) == (
        'It needs nats: run pip install "backstage_py[nats]"'
    )
    assert install_hint(ModuleNotFoundError("no", name="my_own")) is None
