"""Events of a small company, drawn at random: what the questions are tried on."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from backstage_py.analytics import RecordedEvent
from backstage_py.analytics.event import new_event_id
from backstage_py.insights import Directory

FIRST_DAY = datetime(2026, 10, 1, tzinfo=UTC)
DAYS = 60
_ACTIONS = (
    *("navigate",) * 4,
    *("click",) * 3,
    *("search", "search", "discover", "create", "completed", "failed", "not-found", "filter"),
)
_SUBJECTS = {
    "navigate": ("/a", "/b", "/c?x=1", "/A/#top", "/d#x?y", "/c//", "/", "?x"),
    "click": ("Docs", "APIs", "Next Step (1)", "Next Step (3)", "Template has been opened"),
    "search": ("ledger", "rail", " Ledger ", "it's", "led", "rail x", ""),
    "not-found": ("/a", "/Gone", "/gone/?x", "/lost"),
}
DIRECTORY = Directory(
    {
        f"user:default/u{number}": (f"group:default/g{number % 3}", "group:default/all")
        for number in range(10)
    },
    {
        "template:default/service": "group:default/g1",
        "component:default/n1": "group:default/g2",
        "component:default/unseen": "",
    },
    {"template:default/service": ("Where does it belong?", "", "Who owns it?")},
)


def draw_events(count: int, seed: int = 1) -> list[RecordedEvent]:
    """So many events, not in the order of their times."""
    chance = random.Random(seed)
    return [draw_event(chance) for _ in range(count)]


def draw_event(chance: random.Random) -> RecordedEvent:
    """An event; its parts may be missing, odd or not ASCII."""
    action = chance.choice(_ACTIONS)
    moment = FIRST_DAY + timedelta(
        seconds=chance.randrange(DAYS * 86_400), milliseconds=chance.randrange(3)
    )
    users = [None, *(f"user:default/u{number}" for number in range(8)), "user:default/unknown"]
    sessions = [None, "sample-1", "sample-2", *(f"visit-{number}" for number in range(30))]
    return RecordedEvent(
        action=action,
        subject=chance.choice(_SUBJECTS.get(action, ("Title", "/b", "ö"))),
        value=chance.choice([None, 0, 1, 3, 2.5]),
        attributes=_draw_attributes(chance),
        context=_draw_context(chance),
        id=new_event_id(),
        timestamp=moment,
        received_at=moment,
        session_id=chance.choice(sessions),
        user=chance.choice(users),
        app_version=chance.choice([None, "2.3.0", "2.4.0"]),
    )


def _draw_attributes(chance: random.Random) -> dict[str, Any] | None:
    if chance.random() < 0.2:
        return None
    attributes: dict[str, Any] = {}
    if chance.random() < 0.6:
        attributes |= {"to": chance.choice(["/x", "/y"]), "n": chance.choice([1, 2.5, True, "z"])}
    if chance.random() < 0.3:
        name = chance.choice(["N1", "Ö2", ""])
        attributes |= {"kind": "Component", "namespace": "default", "name": name}
    return attributes


def _draw_context(chance: random.Random) -> dict[str, Any]:
    context: dict[str, Any] = {
        "pluginId": chance.choice(["catalog", "search", "ö"]),
        "extension": chance.choice(["Page", "Card"]),
        "routeRef": chance.choice(["r1", "r2", "scaffolder/selected-template"]),
    }
    if chance.random() < 0.4:
        context["entityRef"] = chance.choice(["template:default/service", "template:default/t2"])
    if chance.random() < 0.1:
        context["robot"] = True
    if chance.random() < 0.3:
        context["taskId"] = chance.choice(["t1", "t2", "t3"])
    return context
