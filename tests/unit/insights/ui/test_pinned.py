from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.analytics import EventStore
from backstage_py.insights import OWNER, Caller, Directory, Viewer
from backstage_py.insights.dashboards.dashboard import Pin
from backstage_py.insights.dashboards.dashboards import Dashboards, Reader
from backstage_py.insights.ui import host as ui_host
from backstage_py.insights.ui import sparkline
from backstage_py.insights.ui.dashboarding import list_refs
from backstage_py.insights.ui.pinned import GONE, PinnedTile, read_pinned
from backstage_py.insights.ui.service import InsightsService
from backstage_py.insights.ui.shared_page import PATH, shared_route
from backstage_py.insights.ui.state import dashboards_state
from backstage_py.insights.ui.state.dashboards_state import Board
from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.insights.home_tiles import shorten
from backstage_py.plugins.insights.host import PortalHost
from backstage_py.plugins.insights.usage import read_usage
from tests.unit.insights.ui.conftest import NOW

ADA = Reader("user:default/ada")
FOR_LINKS = Viewer(per_person=False)

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, catalog: CatalogService) -> None:
    monkeypatch.setattr(
        ui_host.Hosting,
        "host",
        PortalHost(lambda: catalog, plugin_titles={"techdocs": "Docs", "catalog": "Catalog"}),
    )


def pin(view: str, tile: str, address: str = "", **more: Any) -> Pin:
    return Pin(id=f"{view}-{tile}", view=view, tile=tile, title=tile, address=address, **more)


def read(service: InsightsService, *pins: Pin) -> list[PinnedTile]:
    return read_pinned(pins, service, OWNER, NOW)


def test_each_tile_keeps_its_picture(service: InsightsService) -> None:
    tiles = read(
        service,
        pin("overview", "totals"),
        pin("overview", "activity"),
        pin("overview", "saved"),
        pin("templates", "funnel"),
        pin("retention", "cohorts"),
        pin("plugins", "plugins"),
        pin("explorer", "exploration", "by=action&over=time&grain=week"),
    )

    kinds = [tile.kind for tile in tiles]
    assert kinds == ["figures", "lines", "bars", "steps", "cohorts", "table", "lines"]
    assert [tile.data.problem for tile in tiles] == [""] * 7
    assert tiles[1].data.series == ["Pages", "Visits"]
    assert {key for point in tiles[1].data.points for key in point} >= {"label", "s0", "s1"}


def test_a_pin_keeps_its_filters_and_moves_with_time(service: InsightsService) -> None:
    where = 'where=[["pluginId","is",["techdocs"]]]&range=7d'

    [now] = read_pinned([pin("overview", "totals", where)], service, OWNER, NOW)
    [later] = read_pinned(
        [pin("overview", "totals", where)], service, OWNER, NOW + timedelta(days=30)
    )

    assert now.says == "Last 7 days · Plugin is Docs"
    assert now.path == f"/insights?{where}"
    assert now.data.figures[0].value != "0"
    assert later.data.figures[0].value == "0"


def test_a_pinned_table_has_nothing_to_press(service: InsightsService) -> None:
    [tile] = read(service, pin("plugins", "plugins"))

    assert [head.text for head in tile.data.heads][:2] == ["Plugin", "Events"]
    assert {(row.behind, row.span) for row in tile.data.rows} == {("", "")}
    assert not any(cell.is_filter for row in tile.data.rows for cell in row.cells)


def test_a_tile_that_is_gone_says_so(service: InsightsService) -> None:
    [tile] = read(service, pin("overview", "no-more"))

    assert tile.data.problem == GONE


@pytest.fixture
def dashboards(tmp_path_factory: pytest.TempPathFactory, store: EventStore) -> Dashboards:
    return Dashboards(store.engine)


def share(dashboards: Dashboards, *pins: Pin, name: str) -> str:
    made = dashboards.add(ADA, name)
    for one in pins:
        dashboards.change(ADA, made.id, lambda board, one=one: board.with_pin(one))
    return dashboards.make_link(ADA, made.id, 7)


def open_link(
    dashboards: Dashboards, service: InsightsService, token: str, viewer: Viewer | None = FOR_LINKS
) -> tuple[int, str, dict[str, str]]:
    route = shared_route(lambda: dashboards, lambda: service, find_viewer=lambda _sharer: viewer)
    answer = TestClient(Starlette(routes=[route])).get(PATH, params={"token": token})
    return answer.status_code, answer.text, dict(answer.headers)


def test_a_link_shows_the_tiles_without_a_sign_in(
    dashboards: Dashboards, service: InsightsService
) -> None:
    custom = "range=custom&since=2026-11-10&until=2026-11-20"
    token = share(
        dashboards,
        pin("plugins", "plugins", custom),
        pin("overview", "activity", custom),
        pin("overview", "totals", custom),
        name="<b>Adoption</b>",
    )

    status, page, headers = open_link(dashboards, service, token)

    assert status == 200
    assert "&lt;b&gt;Adoption&lt;/b&gt;" in page
    assert "Catalog</td>" in page
    assert "<polyline" in page
    assert "Page views" in page
    assert "<script" not in page
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"


def test_a_link_shows_no_people(dashboards: Dashboards, service: InsightsService) -> None:
    token = share(
        dashboards, pin("explorer", "exploration", "by=user&range=365d"), name="By person"
    )

    _, page, _ = open_link(dashboards, service, token)

    assert "is about single persons" in page
    assert "user:sample" not in page


def test_a_link_ends_with_the_permission_of_its_sharer(
    dashboards: Dashboards, service: InsightsService
) -> None:
    token = share(dashboards, pin("overview", "totals"), name="Ending")

    status, page, _ = open_link(dashboards, service, token, viewer=None)

    assert status == 404
    assert "This link has ended" in page
    assert "Ending" not in page
    assert open_link(dashboards, service, "wrong")[0] == 404


def test_a_link_says_so_when_the_database_is_away(service: InsightsService) -> None:
    nowhere = Dashboards(create_engine("sqlite:////no/such/folder/events.db"))

    status, page, _ = open_link(nowhere, service, "a-token")

    assert (status, "cannot be shown" in page) == (503, True)


def test_the_address_of_a_link_has_its_token_where_logs_leave_it_out() -> None:
    route = shared_route(lambda: pytest.fail("unused"), lambda: pytest.fail("unused"))

    assert route.path == PATH
    assert "{" not in route.path


def test_the_groups_of_a_reader_are_theirs_and_those_above() -> None:
    parents = {"group:default/a": "group:default/b", "group:default/b": "group:default/a"}
    directory = Directory(teams_of={"user:default/u": ("group:default/a",)}, parent_of=parents)

    refs = list_refs("user:default/u", directory)

    assert refs == {"user:default/u", "group:default/a", "group:default/b"}


def test_a_short_tile_has_figures_lines_or_rows(service: InsightsService) -> None:
    figures, lines, rows, steps = map(
        shorten,
        read(
            service,
            pin("overview", "totals"),
            pin("overview", "activity"),
            pin("plugins", "plugins"),
            pin("templates", "funnel"),
        ),
    )

    assert (len(figures.figures), figures.lines, figures.rows) == (4, [], [])
    assert (len(lines.lines), lines.rows) == (2, [])
    assert len(rows.rows) == 5
    assert rows.rows[0].number
    assert steps.rows[0].name == "Opened"


def test_lines_are_drawn_to_scale() -> None:
    points = [{"s0": 0}, {"s0": 10}, {"s0": None, "s0_now": 5}]

    assert sparkline.draw(points, 1, 10) == ["0.0,116.0 300.0,4.0 600.0,60.0"]
    assert sparkline.draw([{"s0": 10}], 1, 10) == ["0.0,4.0 600.0,4.0"]
    assert sparkline.draw([], 1, 0) == [""]


def test_the_usage_of_an_entity_counts_its_own_events(
    service: InsightsService, store: EventStore
) -> None:
    ref = "component:default/departure-boards"
    usage = read_usage(ref, service, OWNER, NOW, has_docs=True, is_template=False)
    first = datetime(2026, 10, 28, tzinfo=UTC)

    def is_of_it(context: dict[str, object], attributes: dict[str, object]) -> bool:
        named = attributes.get("entityRef") or context.get("entityRef")
        params = tuple(attributes.get(key) for key in ("kind", "namespace", "name"))
        return named == ref or params == ("component", "default", "departure-boards")

    views = [
        event
        for event in store.stream(since=first)
        if event.action == "navigate"
        and is_of_it(dict(event.context), dict(event.attributes or {}))
    ]
    assert usage is not None
    shown = {one.label: one.value for one in usage.figures}
    assert shown["Page views"] == f"{len(views):,}"
    docs = [event for event in views if event.context["pluginId"] == "techdocs"]
    assert shown["Documentation views"] == f"{len(docs):,}"
    assert len(usage.lines) == 1


@pytest.fixture
def board_of(
    dashboards: Dashboards, service: InsightsService, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Board]:
    """What the page shows to somebody after some work."""
    monkeypatch.setattr(dashboards_state, "get_dashboards", lambda: dashboards)
    monkeypatch.setattr(dashboards_state, "get_insights_service", lambda: service)

    def read(caller: Caller, wanted: str, work: Any = lambda *_: None) -> Board:
        return dashboards_state.read_board(caller, wanted, work, {})

    return read


def test_the_page_shows_the_dashboard_that_is_wanted(board_of: Callable[..., Board]) -> None:
    grace = Caller("user:default/grace", OWNER)
    first = board_of(grace, "", lambda all_, reader: all_.add(reader, "First").id)
    second = board_of(grace, "", lambda all_, reader: all_.add(reader, "Second").id)

    assert (first.name, second.name) == ("First", "Second")
    assert board_of(grace, first.id).id == first.id
    assert board_of(grace, "gone").id == first.id
    assert [row.name for row in second.rows] == ["First", "Second"]
    assert second.is_mine
    assert second.can_link


def test_who_is_given_a_dashboard_can_only_look_at_it(board_of: Callable[..., Board]) -> None:
    grace, linus = Caller("user:default/hopper", OWNER), Caller("user:default/linus", OWNER)
    made = board_of(grace, "", lambda all_, reader: all_.add(reader, "Given").id)
    assert not board_of(linus, made.id).id
    shared = board_of(
        grace, made.id, lambda all_, reader: all_.share(reader, made.id, "user:default/linus")
    )

    given = board_of(linus, made.id)

    assert [share.text for share in shared.shares] == ["linus"]
    assert (given.name, given.is_mine, given.shares, given.people) == ("Given", False, [], [])
    assert given.owner == "hopper"
