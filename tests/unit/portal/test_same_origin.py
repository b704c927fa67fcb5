from pathlib import Path

import pytest

from backstage_py.portal import same_origin
from backstage_py.portal.same_origin import SameOriginPlugin

ENVIRONMENT = "var e={PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`};"
STATE = "t.protocol=`https:`),t.port=``)),t},isBackendDisabled=()=>{}"


@pytest.fixture(autouse=True)  # ruff: ignore[pytest-fixture-autouse]
def _address(monkeypatch: pytest.MonkeyPatch) -> None:
    class Config:
        api_url = "http://localhost:8000"

    monkeypatch.setattr(same_origin, "get_config", Config)


def _build(
    folder: Path, *, environment: str = ENVIRONMENT, state: str = STATE
) -> tuple[Path, Path]:
    assets = folder / "assets"
    assets.mkdir()
    files = assets / "reflex-env-Xy1.js", assets / "link-Ab2.js"
    for file, text in zip(files, (environment, state), strict=True):
        file.write_text(text, encoding="utf-8")
    return files


def test_pages_look_for_the_backend_where_they_came_from(tmp_path: Path) -> None:
    environment, state = _build(tmp_path)

    SameOriginPlugin().post_build(static_dir=tmp_path)

    assert environment.read_text(encoding="utf-8") == (
        "var e={PING:`${location.origin}/ping`,"
        "EVENT:`${location.origin.replace(/^http/,'ws')}/_event`};"
    )
    assert "t.port=location.port)),t}" in state.read_text(encoding="utf-8")


def test_a_backend_that_was_named_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Config:
        api_url = "https://api.example.com"

    monkeypatch.setattr(same_origin, "get_config", Config)
    environment, _ = _build(tmp_path)

    SameOriginPlugin().post_build(static_dir=tmp_path)

    assert environment.read_text(encoding="utf-8") == ENVIRONMENT


def test_another_release_of_reflex_fails_the_build_and_not_the_pages(tmp_path: Path) -> None:
    _build(tmp_path, state="t.port=null},isBackendDisabled=()=>{}")

    with pytest.raises(RuntimeError, match="expected one dropped port, found 0"):
        SameOriginPlugin().post_build(static_dir=tmp_path)
