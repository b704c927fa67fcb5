"""The app's declarations: captures that are equal in the record are one declaration."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from backstage_py.analytics.event import AnalyticsEvent, extension_of
from backstage_py.analytics.inventory.capture import Capture, Kind


@dataclass(frozen=True, slots=True)
class Attribute:
    """A key of the attributes; one that only some of the captures have is not required."""

    kind: Kind = "any"
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Address:
    """The place that distinguishes captures in the record; None: known only at run time."""

    action: str | None
    plugin_id: str | None
    extension: str | None
    route_ref: str | None
    subject: str | None = None

    def covers(self, other: "Address") -> bool:
        """Whether an event at that address may belong to this; an open subject matches any."""
        return all(
            mine is None or mine == theirs
            for mine, theirs in zip(self.parts, other.parts, strict=True)
        )

    @property
    def parts(self) -> tuple[str | None, ...]:
        """Its parts in their order."""
        return self.action, self.plugin_id, self.extension, self.route_ref, self.subject


@dataclass(frozen=True, slots=True)
class Declaration:
    """The captures of one address."""

    address: Address
    captures: tuple[Capture, ...]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    context_keys: tuple[str, ...] = ()

    @property
    def is_conditional(self) -> bool:
        """Whether each of them is captured only under a condition of its handler."""
        return all(one.is_conditional for one in self.captures)

    @property
    def is_open(self) -> bool:
        """Whether there may be attributes that are not named here."""
        return any(one.is_open for one in self.captures)

    @property
    def has_value(self) -> bool | None:
        """Whether its captures have a value; None if only some have."""
        found = {one.has_value for one in self.captures}
        return found.pop() if len(found) == 1 else None

    @property
    def paths(self) -> tuple[str, ...]:
        """The patterns of the pages' addresses; empty for the frame around all pages."""
        return tuple(sorted({one.path for one in self.captures if one.path is not None}))


def declare(captures: Iterable[Capture]) -> list[Declaration]:
    """The declarations of an inventory, by action, plugin and extension."""
    groups: dict[Address, list[Capture]] = {}
    for one in captures:
        address = Address(one.action, one.plugin_id, one.extension, one.route_ref, one.subject)
        groups.setdefault(address, []).append(one)
    ordered = sorted(groups.items(), key=lambda item: tuple(part or "" for part in item[0].parts))
    return [_declaration(address, tuple(found)) for address, found in ordered]


def address_of(event: AnalyticsEvent) -> Address:
    """The place that an event of the record comes from."""
    context = event.context
    return Address(
        event.action,
        str(context.get("pluginId", "")),
        extension_of(context),
        str(context.get("routeRef", "")),
        event.subject,
    )


def _declaration(address: Address, captures: tuple[Capture, ...]) -> Declaration:
    keys = sorted({key for one in captures for key in one.attributes})
    shared = set.intersection(*(set(one.context_keys) for one in captures))
    return Declaration(
        address,
        captures,
        attributes={key: _attribute(key, captures) for key in keys},
        context_keys=tuple(sorted(shared)),
    )


def _attribute(key: str, captures: tuple[Capture, ...]) -> Attribute:
    kinds: set[Kind] = {one.attributes[key] for one in captures if key in one.attributes}
    is_required = all(key in one.attributes for one in captures)
    return Attribute(kinds.pop() if len(kinds) == 1 else "any", is_required)
