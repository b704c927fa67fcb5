import os
import subprocess
import sys
import tomllib
from pathlib import Path

import backstage_py

ROOT = Path(backstage_py.__file__).parent.parent
PLUGIN = "backstage_py.analytics.testing.pytest_plugin"


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_its_fixtures_are_a_mock_and_the_stored_events(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(f"from {PLUGIN} import mock_analytics, stored_events\n")
    (tmp_path / "test_app.py").write_text(
        "import pytest\n"
        "@pytest.fixture\n"
        "def base_url(): return 'http://localhost:3000'\n"
        "def test_mock(mock_analytics): assert mock_analytics.get_events() == []\n"
        "def test_stored(stored_events): assert callable(stored_events.list)\n"
    )

    done = run("-W", "error", "-m", "pytest", "-q", folder=tmp_path)

    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_pytest_does_not_load_anything_heavy_with_it(tmp_path: Path) -> None:
    heavy = "{'httpx', 'ruamel.yaml', 'reflex', 'itsdangerous', 'sqlmodel', 'playwright'}"
    program = f"import sys, {PLUGIN}; print(sorted({heavy} & set(sys.modules)))"

    assert run("-c", program, folder=tmp_path).stdout == "[]\n"


def test_a_conftest_may_name_the_plugin_that_is_installed(tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [(name, module)] = project["project"]["entry-points"]["pytest11"].items()
    (tmp_path / "conftest.py").write_text(f"pytest_plugins = [{PLUGIN!r}]\n")
    (tmp_path / "test_app.py").write_text("def test_mock(mock_analytics): pass\n")

    done = run("-m", "pytest", "-q", "-p", name, folder=tmp_path)

    assert name == module == PLUGIN  # pytest loads a plugin of the same name once
    assert "1 passed" in done.stdout, done.stdout + done.stderr
