from pathlib import Path

import pytest

from backstage_py.portal import sidebar
from backstage_py.ui.browser_module import browser_module, stylesheet


def test_a_file_is_imported_from_where_it_is_linked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = Path(sidebar.__file__).with_name("sidebar.js")
    stale = tmp_path / "assets/external/backstage_py/portal/sidebar.js"
    stale.parent.mkdir(parents=True)
    stale.symlink_to(tmp_path / "moved.js")

    imported = [browser_module(sidebar.__file__, "sidebar.js", "auth.js") for _ in range(2)]

    assert imported == ["$/public/external/backstage_py/portal/sidebar.js"] * 2
    assert stale.readlink() == source
    assert stale.with_name("auth.js").resolve() == source.with_name("auth.js")
    assert {each.name for each in stale.parent.iterdir()} == {"sidebar.js", "auth.js"}


def test_a_file_that_is_not_there_is_an_error_at_once() -> None:
    with pytest.raises(FileNotFoundError, match=r"no-such\.js"):
        browser_module(sidebar.__file__, "no-such.js")


def test_a_file_of_another_package_is_linked_below_the_packages_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    package = tmp_path / "elsewhere" / "calendar_plugin"
    (package / "pages").mkdir(parents=True)
    for name in ("__init__.py", "pages/__init__.py", "pages/calendar.css"):
        (package / name).touch()

    served = stylesheet(str(package / "pages" / "calendar_page.py"), "calendar.css")

    assert served == "/external/calendar_plugin/pages/calendar.css"
    assert (tmp_path / "assets" / served[1:]).resolve() == package / "pages" / "calendar.css"
