"""The rows of the settings: flat, typed, ready for the browser."""

import json
from dataclasses import dataclass, field

from backstage_py.analytics import Config, RecordedEvent, Runtime
from backstage_py.plugins.catalog.api import CatalogReader, EntityRef
from backstage_py.plugins.settings.feature_flags import Flag
from backstage_py.ui.entries import Entry, build_entries

_INITIALS = 2


@dataclass(frozen=True)
class EntityLink:
    """An entity named on a page; `path` is empty if it is not in the catalog."""

    ref: str
    title: str
    path: str


@dataclass(frozen=True)
class Profile:
    """The profile of the user."""

    name: str = ""
    initials: str = ""
    picture: str = ""
    email: str = ""
    user: EntityLink = field(default_factory=lambda: EntityLink("", "", ""))
    owners: list[EntityLink] = field(default_factory=list)


@dataclass(frozen=True)
class FlagRow:
    """A feature flag, and whether it is on."""

    name: str
    description: str
    plugin_id: str
    is_on: bool


@dataclass(frozen=True)
class OwnEventRow:
    """One of the person's own events; `value` is its number as JSON, or empty."""

    id: str
    moment: str
    time: str
    action: str
    subject: str
    value: str
    place: str
    origin: str
    attributes: list[Entry] = field(default_factory=list)
    context: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class ToolRow:
    """A tool that receives events."""

    name: str
    is_told_user: bool


@dataclass(frozen=True)
class RetentionRow:
    """How long events are kept; an empty action means all others."""

    action: str
    age: str


def build_profile(catalog: CatalogReader, user: str) -> Profile:
    """The profile from the catalog, or from the reference alone if the user is missing there."""
    if not user:
        return Profile()
    entity = catalog.find_by_ref(user)
    link = build_link(catalog, user)
    owners = [build_link(catalog, ref) for ref in catalog.list_owner_refs(user)]
    words = [word for word in link.title.replace(".", " ").split() if word]
    return Profile(
        name=link.title,
        initials="".join(word[0] for word in words[:_INITIALS]).upper(),
        picture=_read_picture(entity.profile.get("picture") if entity else None),
        email=str(entity.profile.get("email", "")) if entity else "",
        user=link,
        owners=owners,
    )


def build_link(catalog: CatalogReader, entity_ref: str) -> EntityLink:
    """The link to an entity, or only its reference if it is not in the catalog."""
    entity = catalog.find_by_ref(entity_ref)
    if entity is not None:
        return EntityLink(entity_ref, entity.title, entity.ref.page_path)
    name = EntityRef.parse(entity_ref, default_kind="user").name
    return EntityLink(entity_ref, name, "")


def build_flag(flag: Flag, *, is_on: bool) -> FlagRow:
    """The row of a flag."""
    return FlagRow(flag.name, flag.description, flag.plugin_id, is_on)


def build_own_event(event: RecordedEvent) -> OwnEventRow:
    """The row of an event."""
    return OwnEventRow(
        id=event.id,
        moment=event.to_wire()["timestamp"],
        time=f"{event.timestamp:%Y-%m-%d %H:%M:%S}",
        action=event.action,
        subject=event.subject,
        value="" if event.value is None else json.dumps(event.value),
        place=f"{event.context.get('pluginId', '')} / {event.context.get('extension', '')}",
        origin=event.origin,
        attributes=build_entries(event.attributes or {}),
        context=build_entries(event.context),
    )


def build_tools(runtime: Runtime) -> list[ToolRow]:
    """The tools that receive events."""
    return [ToolRow(one.name, one.identity.mode != "disabled") for one in runtime.backends]


def build_retention(config: Config) -> list[RetentionRow]:
    """How long events are kept, by `app.analytics.retention`; empty if it is not set."""
    retention = config.section("app.analytics.retention").as_dict()
    actions = retention.get("actions") or {}
    rows = [RetentionRow(str(action), str(age)) for action, age in actions.items()]
    return [*rows, RetentionRow("", str(retention["default"]))] if "default" in retention else rows


def _read_picture(picture: object) -> str:
    """The picture if it is a web address; descriptors are not trusted."""
    text = picture if isinstance(picture, str) else ""
    return text if text.startswith(("https://", "http://", "/")) else ""
