"""The states of the reader after reading an address."""

from types import SimpleNamespace
from typing import Any, Self, cast

import pytest

from backstage_py.plugins.techdocs.rows import PageRow
from backstage_py.plugins.techdocs.state import reader_state
from backstage_py.plugins.techdocs.state.reader_state import ReaderState
from tests.loops import run
from tests.unit.plugins.techdocs.conftest import BASE, Docs


class Shown(SimpleNamespace):
    """The state that a running handler sees."""

    _show = ReaderState._show

    def __init__(self) -> None:
        super().__init__(site=None, nav=[], page=PageRow(), shown="", missing="", moved_to="")

    def at(self, path: str) -> Self:
        """Be at an address."""
        self.router = SimpleNamespace(url=SimpleNamespace(path=path))
        _, _, namespace, kind, name, *_ = path.split("/")
        self.router_data = {"query": {"namespace": namespace, "kind": kind, "name": name}}
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...


@pytest.fixture
def shop(docs: Docs, monkeypatch: pytest.MonkeyPatch) -> Docs:
    docs.write("mkdocs.yml", "plugins: [{redirects: {redirect_maps: {old.md: a b.md}}}]")
    docs.write("docs/index.md", "# Home")
    docs.write("docs/a b.md", "# Spaced")
    docs.entity()
    monkeypatch.setattr(reader_state, "get_techdocs", lambda: docs.service)
    monkeypatch.setattr(reader_state, "see_catalog", lambda _user: docs.catalog)
    monkeypatch.setattr(reader_state, "current_user", lambda _state: "user:default/ann")
    return docs


def load(shown: Shown) -> Any:
    return run(cast("Any", ReaderState._read)(shown, lambda path: "/".join(path.split("/")[:5])))


def test_the_page_of_the_address_is_shown(shop: Docs) -> None:
    shown = Shown().at(f"{BASE}/a%20b")

    assert load(shown) is None
    assert (shown.page.title, shown.shown, shown.site_path) == ("Spaced", f"{BASE}/a%20b", BASE)


def test_a_page_that_is_missing_leaves_nothing_of_the_one_before(shop: Docs) -> None:
    shown = Shown().at(BASE)
    load(shown)
    load(shown.at(f"{BASE}/nope"))

    assert shown.page == PageRow()
    assert "no such page" in shown.missing
    assert shown.site_path == BASE

    load(shown.at("/docs/default/component/nobody"))
    assert not shown.site_path
    load(shown.at(BASE))
    assert not shown.missing


def test_a_page_that_has_moved_leads_on(shop: Docs) -> None:
    shown = Shown().at(f"{BASE}/old")

    event = load(shown)

    assert f"{BASE}/a%20b" in str(event.args)
    assert not shown.shown


def test_an_answer_for_an_address_that_was_left_is_not_shown(
    shop: Docs, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Shown().at(BASE)
    read = reader_state.read

    def read_and_leave(*args: Any, **kwargs: Any) -> Any:
        shown.at(f"{BASE}/nope")
        return read(*args, **kwargs)

    monkeypatch.setattr(reader_state, "read", read_and_leave)
    load(shown)

    assert not shown.shown
