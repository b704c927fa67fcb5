"""One visit: the current page, and the events that the portal would capture."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from backstage_py.analytics import RecordedEvent, Scalar
from backstage_py.plugins.insights.sample.habits import pause

_ON_THE_WAY = timedelta(milliseconds=180)
"""The delays from a click to its navigation, and from a capture to the record."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the portal: its address, and the context of its content."""

    address: str
    plugin_id: str
    route_ref: str
    extension: str
    params: Mapping[str, Scalar] = field(default_factory=dict[str, Scalar])
    context: Mapping[str, Scalar] = field(default_factory=dict[str, Scalar])

    @property
    def on_page(self) -> dict[str, Scalar]:
        """The context of the page's content."""
        return {
            "pluginId": self.plugin_id,
            "routeRef": self.route_ref,
            "extension": self.extension,
            **self.context,
        }

    @property
    def in_app(self) -> dict[str, Scalar]:
        """The context of the navigation to it."""
        return {"pluginId": self.plugin_id, "routeRef": self.route_ref, "extension": "App"}


SHELL: dict[str, Scalar] = {"routeRef": "unknown", "pluginId": "root", "extension": "App"}
"""The context of the sidebar, and of addresses that have no page."""


class Visit:
    """A person's actions until they leave."""

    def __init__(self, random: Random, *, user: str, session_id: str, start: datetime) -> None:
        self.random = random
        self.user = user
        self.events: list[RecordedEvent] = []
        self.place: Place | None = None
        self.now = start
        self._session_id = session_id

    def wait(self, typical_seconds: float) -> None:
        """Let some time pass."""
        self.now += pause(self.random, typical_seconds)

    def capture(
        self,
        action: str,
        subject: str,
        context: Mapping[str, Scalar],
        *,
        value: float | None = None,
        attributes: Mapping[str, Scalar] | None = None,
        origin: Literal["browser", "server"] = "browser",
    ) -> None:
        """Record an event now."""
        self.events.append(
            RecordedEvent(
                id=_event_id(self.now, self.random),
                action=action,
                subject=subject,
                value=value,
                attributes=attributes,
                context=context,
                timestamp=self.now,
                received_at=self.now + _ON_THE_WAY,
                session_id=self._session_id,
                user=self.user,
                origin=origin,
            )
        )

    def arrive(self, place: Place) -> None:
        """Arrive at a page, by any way."""
        self.now += _ON_THE_WAY
        self.place = place
        self.capture("navigate", place.address, place.in_app, attributes=place.params)

    def get_lost(self, address: str, context: Mapping[str, Scalar] | None = None) -> None:
        """Arrive at an address without a page, or at the page of something missing."""
        self.now += _ON_THE_WAY
        self.place = None
        self.capture("navigate", address, SHELL, attributes={})
        self.now += _ON_THE_WAY
        self.capture("not-found", address.partition("?")[0], context or SHELL)

    def use_sidebar(self, text: str, place: Place) -> None:
        """Go to a page through the sidebar."""
        self.wait(4)
        self.capture("click", text, SHELL, attributes={"to": place.address})
        self.arrive(place)

    def follow(self, text: str, place: Place, *, extension: str | None = None) -> None:
        """Follow a link on the page, or in one of its extensions."""
        self.click(text, to=place.address, extension=extension)
        self.arrive(place)

    def click(self, text: str, *, to: str | None = None, extension: str | None = None) -> None:
        """Click on something on the page."""
        self.wait(9)
        context = self._here(extension)
        self.capture("click", text, context, attributes=None if to is None else {"to": to})

    def act(self, action: str, subject: str, **options: Any) -> None:
        """Capture something else on the page."""
        self.capture(action, subject, self._here(None), **options)

    def _here(self, extension: str | None) -> dict[str, Scalar]:
        if self.place is None:
            return SHELL
        context = self.place.on_page
        return context if extension is None else {**context, "extension": extension}


def _event_id(moment: datetime, random: Random) -> str:
    """A UUIDv7 of that moment (RFC 9562)."""
    milliseconds = int(moment.timestamp() * 1000)
    noise = random.getrandbits(74)
    number = (
        milliseconds << 80 | 0x7 << 76 | (noise >> 62) << 64 | 0x2 << 62 | noise & ((1 << 62) - 1)
    )
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
