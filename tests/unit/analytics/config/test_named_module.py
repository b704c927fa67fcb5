"""What the configuration names is found in the working folder too."""

import sys
from pathlib import Path

import pytest

from backstage_py.analytics.config.named_module import import_named


def test_a_module_beside_the_configuration_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "backend_beside_the_configuration.py").write_text("ANSWER = 42", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))

    module = import_named("backend_beside_the_configuration")

    assert module.ANSWER == 42


def test_the_folder_is_on_the_path_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))

    import_named("json")
    import_named("json")

    assert sys.path.count(str(tmp_path)) == 1
