from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from backstage_py.analytics import EventStore, RecordedEvent
from backstage_py.insights import (
    OWNER,
    Annotation,
    Annotations,
    Grain,
    Insights,
    ReachSettings,
    Sample,
    Viewer,
)
from backstage_py.insights.clickhouse.settings import ClickHouseSettings
from backstage_py.insights.ui.page_query import PageQuery
from backstage_py.insights.ui.reading import Reading
from backstage_py.insights.ui.rows import TileData
from backstage_py.insights.ui.service import InsightsService
from backstage_py.insights.ui.state.choices import list_versions
from backstage_py.insights.ui.views import VIEWS
from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.insights.host import PortalHost
from tests.unit.insights.ui.conftest import NOW


def read(
    service: InsightsService, view: str, address: str = "", viewer: Viewer = OWNER
) -> dict[str, TileData]:
    return Reading(view, PageQuery.from_address(address), NOW).read(service, viewer)


def cells(data: TileData) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in data.rows]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("address", ["", "range=1d&grain=hour", "range=365d&sample=without"])
def test_every_tile_of_every_page_has_an_answer(
    service: InsightsService, view: str, address: str
) -> None:
    tiles = read(service, view, address)

    assert list(tiles) == [tile.id for tile in VIEWS[view]]
    assert {tile: data.problem for tile, data in tiles.items() if data.problem} == {}
    assert all(data.is_ready and "UTC" in data.foot for data in tiles.values())


def test_every_tile_says_why_there_is_no_answer(
    tmp_path: Path, store: EventStore, catalog: CatalogService
) -> None:
    away = ClickHouseSettings.model_validate({"url": "http://127.0.0.1:9", "password": "s3cret"})
    insights = Insights(store, tmp_path, clickhouse=away)

    tiles = read(InsightsService(insights, PortalHost(lambda: catalog)), "overview")
    insights.close()

    problems = {data.problem for data in tiles.values()}
    assert [problem[:59] for problem in problems] == [
        "ClickHouse at http://127.0.0.1:9: does not answer (ConnectE"
    ]


def test_figures_count_the_events_of_the_time(
    service: InsightsService, history: list[RecordedEvent]
) -> None:
    figures = {one.label: one for one in read(service, "overview")["totals"].figures}

    assert figures["Events"].value == f"{len(history):,}"
    assert figures["Active people"].value == str(len({event.user for event in history}))
    assert figures["Events"].change == "no earlier data"


def test_the_foot_of_a_tile_counts_the_events_that_it_is_about(
    service: InsightsService, history: list[RecordedEvent]
) -> None:
    tiles = read(service, "search")
    searches = sum(event.action == "search" for event in history)

    assert tiles["terms"].foot.startswith(f"{searches:,} events · 28 Oct \N{EN DASH} 24 Nov 2026")


def test_sample_data_that_is_left_out_is_said_to_be(
    service: InsightsService, history: list[RecordedEvent]
) -> None:
    data = read(service, "overview", "sample=without")["totals"]

    assert data.foot.startswith("0 events")
    assert f"{len(history):,} sample events are hidden." in data.left_out


def test_a_chosen_route_narrows_its_clicks_and_the_events_behind_them(
    service: InsightsService, history: list[RecordedEvent]
) -> None:
    data = read(service, "plugins", "route=catalog")["clicks"]

    clicks = Counter(
        event.subject
        for event in history
        if event.action == "click" and event.context["routeRef"] == "catalog"
    )
    assert cells(data)[0][0] in {
        name for name, count in clicks.items() if count == max(clicks.values())
    }
    assert data.foot.startswith(f"{clicks.total():,} events")
    assert '["routeRef","is",["catalog"]]' in data.behind


def test_made_up_people_are_known_and_in_their_teams(service: InsightsService) -> None:
    directory = service.directory(Sample.ALL)

    assert directory.teams_of["user:sample/solveig.aune"] == ("group:default/ticketing-team",)
    assert "user:sample/solveig.aune" not in service.directory(Sample.WITHOUT).teams_of
    assert directory == service.directory(Sample.ALL)


def test_a_wrong_question_breaks_its_own_tile_only(service: InsightsService) -> None:
    tiles = read(service, "retention", 'steps=[[["value","is",["x"]]]]&path=/')

    assert not tiles["cohorts"].problem
    assert not tiles["paths"].problem


def test_the_explorer_has_columns_and_lines_of_its_own(service: InsightsService) -> None:
    plain = read(service, "explorer", "by=pluginId&measure=users")["exploration"]
    over_time = read(service, "explorer", "by=action&over=time&grain=week")["exploration"]

    assert (plain.title, plain.columns) == ("People by plugin", ["Plugin", "People"])
    assert over_time.columns == ["Time", "Action", "Events"]
    assert over_time.series[:2] == ["navigate", "click"]
    assert len(over_time.points) == len({row.cells[0].text for row in over_time.rows})


def test_the_sql_of_a_tile_is_written_when_it_is_asked_for(service: InsightsService) -> None:
    reading = Reading("plugins", PageQuery(), NOW)

    assert "analytics_event" in reading.write_sql("plugins", service, OWNER)
    assert not reading.write_sql("nothing", service, OWNER)


def test_cohorts_and_funnels_are_drawn_from_their_answers(service: InsightsService) -> None:
    retention = read(service, "retention", "range=28d")
    funnel = read(service, "templates")["funnel"]

    assert retention["cohorts"].cohorts[0].weeks[0].text == "100%"
    assert funnel.steps[0].name == "Opened"
    assert funnel.steps[0].width == "100.0%"
    names = ["Opened", "Form finished", "Created", "Finished"]
    assert [step.name for step in funnel.steps] == names


def test_the_grain_of_the_lifecycle_is_the_week_unless_somebody_says_otherwise() -> None:
    [tile] = [tile for tile in VIEWS["overview"] if tile.id == "lifecycle"]

    assert tile.ask(Grain.DAY, PageQuery()).grain is Grain.WEEK
    assert tile.ask(Grain.DAY, PageQuery(grain="day")).grain is Grain.DAY


def test_the_directory_knows_who_is_left_out_of_reach(
    service: InsightsService, catalog: CatalogService
) -> None:
    keys = {"leaveOut": "Group:default/operations-technology", "knownUsers": 500}
    reach = ReachSettings.model_validate(keys)
    fair = InsightsService(service._insights, PortalHost(lambda: catalog), reach)

    directory = fair.directory(Sample.WITHOUT)

    below = {child for child, parent in directory.parent_of.items() if "operations" in parent}
    members = {user for user, teams in directory.teams_of.items() if below & set(teams)}
    assert directory.left_out == members > set()
    assert directory.known_users == 500


def test_versions_to_filter_by_are_those_that_were_seen(
    service: InsightsService, store: EventStore
) -> None:
    annotations = Annotations(store.engine)
    annotations.add(Annotation(at=NOW, text="Outage", tags=("outage",)))
    for days, version in ((2, "2.3.0"), (1, "2.4.0")):
        annotations.note_version(version, NOW - timedelta(days=days))
    seeing = InsightsService(service._insights, service._host, get_annotations=lambda: annotations)

    assert list_versions(seeing) == ["2.4.0", "2.3.0"]
