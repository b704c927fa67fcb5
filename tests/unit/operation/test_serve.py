"""Errors of `serve` before it starts anything; the e2e tests serve for real."""

import json
from pathlib import Path

import pytest

import backstage_py
from backstage_py.cli import main


@pytest.fixture(autouse=True)  # ruff: ignore[pytest-fixture-autouse]
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("REDIS_URL", "REFLEX_REDIS_URL", "REFLEX_WEB_WORKDIR"):
        monkeypatch.delenv(name, raising=False)


def _make_portal(folder: Path, *, built_by: str | None) -> None:
    (folder / "rxconfig.py").touch()
    if built_by is not None:
        stamp = folder / ".web" / "backend" / "build.json"
        stamp.parent.mkdir(parents=True)
        stamp.write_text(json.dumps({"version": built_by}), encoding="utf-8")


def test_a_folder_that_is_not_a_portals_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve"]) == 2
    assert "has no rxconfig.py" in capsys.readouterr().err


def test_serving_without_a_build_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _make_portal(tmp_path, built_by=None)

    assert main(["serve"]) == 2
    assert "holds no finished build. Run: python -m backstage_py build" in capsys.readouterr().err


def test_the_build_of_another_release_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _make_portal(tmp_path, built_by="0.0.1")

    assert main(["serve"]) == 2
    assert "was built by release 0.0.1" in capsys.readouterr().err


def test_several_workers_need_redis(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _make_portal(tmp_path, built_by=backstage_py.__version__)

    assert main(["serve", "--workers", "2"]) == 2
    error = capsys.readouterr().err
    assert error.splitlines()[-1].startswith("backstage_py: --workers: is 2")
    assert "REDIS_URL" in error


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_an_invalid_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--port", port])

    assert "is not a number from 1 to 65535" in capsys.readouterr().err
