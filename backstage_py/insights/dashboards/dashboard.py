"""A dashboard: its pins, in their order, and whom it is shared with."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from backstage_py.analytics import AnalyticsError

MAX_NAME = 80
MAX_TITLE = 200
MAX_PINS = 24
MAX_ADDRESS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A tile on a dashboard.

    `view` and `tile` name the tile of a page of Insights. `address` is the query of that page's
    address: its period, filters and the rest. A relative period, such as the last 28 days, moves
    along with time.

    Raises:
        AnalyticsError: If the title or the address is too long, or empty where it may not be.
    """

    id: str
    view: str
    tile: str
    title: str
    address: str = ""
    is_wide: bool = False
    is_on_home: bool = False

    def __post_init__(self) -> None:
        _require_length("title", self.title, MAX_TITLE)
        if len(self.address) > MAX_ADDRESS:
            problem = f"has {len(self.address)} characters"
            raise AnalyticsError("address", problem, f"Use {MAX_ADDRESS} at most: fewer filters")

    def to_wire(self) -> dict[str, Any]:
        """The pin as a JSON object."""
        return {name: getattr(self, name) for name in _PIN}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """The pin that `to_wire` wrote."""
        return cls(**{name: wire[name] for name in _PIN if name in wire})


_PIN = ("id", "view", "tile", "title", "address", "is_wide", "is_on_home")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """Pins under a name; `owner` is an entity ref, empty where the app knows no users.

    Raises:
        AnalyticsError: If the name is empty or too long, or there are too many pins.
    """

    id: str
    name: str
    owner: str
    pins: tuple[Pin, ...] = ()

    def __post_init__(self) -> None:
        _require_length("name", self.name, MAX_NAME)
        if len(self.pins) > MAX_PINS:
            problem = f"would have {len(self.pins)} tiles"
            raise AnalyticsError(self.name, problem, f"Use {MAX_PINS} at most: remove one first")

    def with_pin(self, pin: Pin) -> Self:
        """With one more pin, at the end."""
        return replace(self, pins=(*self.pins, pin))

    def without_pin(self, pin_id: str) -> Self:
        """Without a pin.

        Raises:
            AnalyticsError: If there is no such pin.
        """
        self._place_of(pin_id)
        return replace(self, pins=tuple(one for one in self.pins if one.id != pin_id))

    def with_pin_moved(self, pin_id: str, places: int) -> Self:
        """With a pin moved some places towards the end, or towards the start if negative.

        Raises:
            AnalyticsError: If there is no such pin.
        """
        place = self._place_of(pin_id)
        rest = [one for one in self.pins if one.id != pin_id]
        rest.insert(min(max(0, place + places), len(rest)), self.pins[place])
        return replace(self, pins=tuple(rest))

    def with_pin_changed(self, pin_id: str, **changes: Any) -> Self:
        """With some fields of a pin changed.

        Raises:
            AnalyticsError: If there is no such pin, or a field would be wrong.
        """
        place = self._place_of(pin_id)
        changed = replace(self.pins[place], **changes)
        return replace(self, pins=(*self.pins[:place], changed, *self.pins[place + 1 :]))

    def pins_to_json(self) -> str:
        """The pins as JSON."""
        return json.dumps([pin.to_wire() for pin in self.pins], ensure_ascii=False)

    def _place_of(self, pin_id: str) -> int:
        for place, pin in enumerate(self.pins):
            if pin.id == pin_id:
                return place
        raise AnalyticsError("tile", f"{pin_id[:60]!r} is not on {self.name}", "Refresh the page")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Whom a dashboard is shared with: a user or group by its ref, or whoever has a link.

    `ref` is empty for a link. `sharer` is who made it. A link ends at `expires_at`.
    """

    id: str
    dashboard: str
    ref: str
    sharer: str
    expires_at: datetime | None = None

    @property
    def is_link(self) -> bool:
        """Whether it is a link."""
        return not self.ref


def read_pins(text: str) -> tuple[Pin, ...]:
    """The pins that `pins_to_json` wrote."""
    items: Iterable[Mapping[str, Any]] = json.loads(text)
    return tuple(Pin.from_wire(item) for item in items)


def _require_length(where: str, text: str, most: int) -> None:
    if not text.strip():
        raise AnalyticsError(where, "is empty", f"Use 1 to {most} characters")
    if len(text) > most:
        raise AnalyticsError(where, f"has {len(text)} characters", f"Use {most} at most")
