"""The plugin that `new plugin` writes: its own tests pass, and a portal takes it."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest

from backstage_py.cli import main
from backstage_py.plugins.scaffolder.new_plugin import render_plugin
from backstage_py.portal.plugin import PortalPlugin
from tests.conftest import PROJECT

PLUGIN = "backstage_py.analytics.testing.pytest_plugin"
IN_A_PORTAL = """
import backstage_py.backstage_py as portal

page = portal.app._unevaluated_pages["release-notes"]
assert page.title.startswith("Release notes | "), page
assert "release_notes_plugin/components/notes.css" in str(portal.app.stylesheets)
print("taken")
"""
CONFIGURATION = """
auth: {providers: {guest: {auto: true}}}
app: {plugins: {release-notes: {config: {maxCharacters: 50}}}}
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "release-notes"
    assert main(["new", "plugin", "release-notes", "--output", str(folder)]) == 0
    return folder


def run(*command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTEST_ADDOPTS": "", **variables}
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_its_own_tests_pass(written: Path) -> None:
    done = run(
        *("-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", PLUGIN),
        folder=written,
        PYTHONPATH=str(PROJECT),
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_a_portal_finds_it_and_takes_it_in(written: Path, tmp_path: Path) -> None:
    """As pip leaves it: the package on the path, and its entry points beside it."""
    facts = tmp_path / "release_notes-0.1.0.dist-info"
    facts.mkdir()
    project = (written / "pyproject.toml").read_text(encoding="utf-8")
    declared = project.partition('[project.entry-points."backstage_py.plugins"]\n')[2]
    line = declared.partition("\n")[0].replace('"', "")
    (facts / "entry_points.txt").write_text(f"[backstage_py.plugins]\n{line}\n")
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: release-notes\nVersion: 0.1.0\n")
    (tmp_path / "app-config.yaml").write_text(CONFIGURATION)
    (tmp_path / "rxconfig.py").write_text(
        "import reflex as rx\nconfig = rx.Config(app_name='portal')\n"
    )

    done = run(
        *("-c", IN_A_PORTAL),
        folder=tmp_path,
        PYTHONPATH=os.pathsep.join(map(str, (tmp_path, written, PROJECT))),
        DATABASE_URL=f"sqlite:///{tmp_path / 'portal.db'}",
    )

    assert done.stdout == "taken\n", done.stdout + done.stderr


def test_what_it_writes_is_as_tidy_as_the_rest(written: Path) -> None:
    done = run(
        *("-m", "ruff", "check", "--config", str(PROJECT / "pyproject.toml"), "--no-cache"),
        *(
            "--config",
            "lint.per-file-ignores={'tests/**' = ['ALL'], '**/migrations/**' = ['INP001']}",
            ".",
        ),
        folder=written,
    )

    assert done.returncode == 0, done.stdout
    formatted = run(
        *("-m", "ruff", "format", "--check", "--no-cache", "--line-length", "100", "."),
        folder=written,
    )
    assert formatted.returncode == 0, formatted.stdout


@pytest.mark.parametrize("name", ["Release", "release notes", "1st", "release-", "../up", ""])
def test_a_name_that_is_not_an_id_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "plugin", name, "--output", str(tmp_path / "x")]) == 2
    assert f"backstage_py: the name {name!r}: " in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_a_folder_that_is_there_stays_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "plugin", "notes", "--output", str(tmp_path)]) == 2
    assert "is there already. Choose another name, or move it" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_the_template_is_left_in_the_files() -> None:
    files = render_plugin("on-call")

    assert "on_call_plugin/plugin.py" in files
    assert not [path for path, text in files.items() if "${{" in path + text or not text]
    assert "OnCallState" in files["on_call_plugin/state/notes_state.py"]


def test_the_guide_shows_the_plugin_as_it_is_written() -> None:
    page = (PROJECT / "docs" / "plugins.md").read_text(encoding="utf-8")
    files = render_plugin("release-notes")

    for path in ("plugin.py", "routes.py", "settings.py", "pages/notes_page.py"):
        assert files[f"release_notes_plugin/{path}"].split('"""\n\n', 1)[1] in page, path


def test_the_guide_explains_every_declaration() -> None:
    page = (PROJECT / "docs" / "plugins.md").read_text(encoding="utf-8")
    table = page.partition("## What a plugin declares")[2].partition("Where others attach")[0]

    for field in dataclasses.fields(PortalPlugin):
        assert f"`{field.name}`" in table or f"PortalPlugin.{field.name}`" in table, field.name
