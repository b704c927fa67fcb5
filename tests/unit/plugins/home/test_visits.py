from types import SimpleNamespace
from typing import Any, cast

from backstage_py.analytics import RecordedEvent
from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.home.visits import Visits
from backstage_py.plugins.settings.api import OwnRecord
from backstage_py.plugins.settings.own_record import OwnEvents
from tests.unit.analytics.recorded import recorded

BOOKING = "/catalog/default/component/booking-service"


class Record:
    """A record of some navigations, the newest first."""

    def __init__(self, *subjects: str, plugin: str = "catalog") -> None:
        context = {"pluginId": plugin, "extension": "App", "routeRef": "x"}
        self.events: list[RecordedEvent] = [
            recorded(action="navigate", subject=subject, context=context) for subject in subjects
        ]

    def read(self, _person: Any, **_page: Any) -> OwnEvents:
        return OwnEvents(tuple(self.events), None)


def visits_of(*subjects: str, plugin: str = "catalog") -> Any:
    entity = SimpleNamespace(title="Booking Service", kind="Component")
    known = ("component", "default", "booking-service")
    catalog = SimpleNamespace(find_entity=lambda *ref: entity if ref == known else None)
    record = cast("OwnRecord", Record(*subjects, plugin=plugin))
    return Visits(record, lambda: cast("CatalogService", catalog)).find(cast("Any", None))


def test_pages_are_listed_by_their_last_visit_and_by_how_many_there_were() -> None:
    found = visits_of("/search?query=a", BOOKING, "/catalog", BOOKING, "/search?query=b#x", BOOKING)

    assert [visit.path for visit in found.recent] == ["/search", BOOKING, "/catalog"]
    assert [(visit.path, visit.hits, visit.share) for visit in found.most] == [
        (BOOKING, 3, "100%"),
        ("/search", 2, "66%"),
        ("/catalog", 1, "33%"),
    ]


def test_an_entity_is_called_by_its_title_and_its_tab() -> None:
    found = visits_of(BOOKING, f"{BOOKING}/ci-cd", "/catalog/default/component/gone", "/api-docs")

    assert [(visit.title, visit.kind) for visit in found.recent] == [
        ("Booking Service", "Component"),
        ("Booking Service (ci cd)", "Component"),
        ("Catalog / default / component / gone", ""),
        ("Api docs", ""),
    ]


def test_the_start_page_and_addresses_without_a_page_are_left_out() -> None:
    assert visits_of("/", "/?x=1").recent == ()
    assert visits_of("/no/such/page", plugin="root").recent == ()


def test_no_more_than_eight_are_shown() -> None:
    assert len(visits_of(*(f"/page/{number}" for number in range(20))).recent) == 8
