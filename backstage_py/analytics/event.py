"""The event: what happened, in the words of Backstage's Plugin Analytics.

`AnalyticsEvent` is what a component captures; `RecordedEvent` adds what the record
knows about it. Both are immutable and validated when they are made, and their wire form is defined
only in this module (camelCase, as `AnalyticsEvent` of `@backstage/core-plugin-api` 1.12.10).
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import (
    Any,
    Final,
    Literal,
    NoReturn,
    Protocol,
    Self,
    TypeAlias,
    TypeGuard,
    cast,
    get_args,
)

from backstage_py.analytics.errors import InvalidEventError
from backstage_py.analytics.event_id import EventIds, canonical_uuid

Scalar: TypeAlias = str | int | float | bool
Origin: TypeAlias = Literal["browser", "server", "agent"]


class PlainMapping(dict[str, Scalar]):  # ruff: ignore[subclass-builtin] as orjson takes it
    """An immutable dict, so that events never change and JSON libraries accept it."""

    __slots__ = ()

    def _refuse(self, *_arguments: object, **_named: object) -> NoReturn:
        raise TypeError("an event cannot be changed; make a copy, such as dict(event.context)")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse  # pyright: ignore[reportAssignmentType]

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)


DEFAULT_CONTEXT: Mapping[str, Scalar] = PlainMapping(
    {"routeRef": "unknown", "pluginId": "root", "extension": "App"}
)
"""The context outside every other."""

ACTION_CHARACTERS = 128
KEY_CHARACTERS = 128
TEXT_CHARACTERS = 4096
"""The maximum length of a subject, and of one attribute or context value."""
VERSION_CHARACTERS = 64
"""The maximum length of the app's version."""
_IDS: Final = EventIds()
KEYS = 64
"""The maximum number of attributes, and of context values."""
EVENT_CHARACTERS = 32_768
"""The maximum total length of an event's keys and texts."""
NUMBER_MAGNITUDE = 1e300
INTEGER_MAGNITUDE = 2**63

_SHOWN_CHARACTERS = 60
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_SESSION_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsEvent:
    """Something a person did.

    An absent `value` or `attributes` is None here and absent on the wire; 0, "" and
    {} are values. Context keys that begin with `_` are internal and left out.

    Raises:
        InvalidEventError: If a field breaks a rule; it names the field and the fix.
    """

    action: str
    subject: str
    value: int | float | None = None
    attributes: Mapping[str, Scalar] | None = None
    context: Mapping[str, Scalar] = field(default_factory=lambda: DEFAULT_CONTEXT)

    def __post_init__(self) -> None:
        _require_text("action", self.action, ACTION_CHARACTERS)
        if not self.action:
            raise InvalidEventError("action", "is empty", "Give a verb, such as click or deploy")
        _require_text("subject", self.subject, TEXT_CHARACTERS)
        if self.value is not None:
            _require_number("value", self.value)
        characters = len(self.subject)
        if self.attributes is not None:
            attributes, size = _flat("attributes", self.attributes)
            object.__setattr__(self, "attributes", attributes)
            characters += size
        context, size = _flat("context", self.context, public_only=True)
        object.__setattr__(self, "context", context)
        if characters + size > EVENT_CHARACTERS:
            raise InvalidEventError(
                "event", f"has more than {EVENT_CHARACTERS} characters", "Send fewer attributes"
            )

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """The event of a JSON object; keys of the envelope are left alone.

        Raises:
            InvalidEventError: If the object is not an event.
        """
        return cls(**event_fields(wire))

    def to_wire(self) -> dict[str, Any]:
        """The event as a JSON object."""
        return {
            "action": self.action,
            "subject": self.subject,
            **({} if self.value is None else {"value": self.value}),
            **({} if self.attributes is None else {"attributes": dict(self.attributes)}),
            "context": dict(self.context),
        }


class CheckedEvent(Protocol):
    """The content of an event, validated when it was read and never changed afterwards."""

    action: str
    subject: str
    value: int | float | None
    attributes: dict[str, Scalar] | None
    context: dict[str, Scalar] | None
    app_version: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent(AnalyticsEvent):
    """An event as it is recorded: with its id, its times and its user.

    `id` is a UUID made where the event was captured (UUIDv7, RFC 9562), `timestamp`
    the moment of capture, `received_at` that of the record. `user` is an entity ref in lower
    case, as Backstage compares refs, and is always set by the server. `app_version` is that of the
    app when it captured: of the page that a person had open, which may be older than the server.
    """

    id: str
    timestamp: datetime
    received_at: datetime
    session_id: str | None = None
    user: str | None = None
    origin: Origin = "browser"
    app_version: str | None = None

    def __post_init__(self) -> None:
        AnalyticsEvent.__post_init__(self)
        object.__setattr__(self, "user", lower_ref(self.user))

    @classmethod
    def from_validated(
        cls,
        event: CheckedEvent,
        *,
        id_: str,
        timestamp: datetime,
        received_at: datetime,
        session_id: str | None,
        user: str | None,
        origin: Origin,
    ) -> Self:
        """Create a recorded event from fields that are already validated.

        Checking them again would take longer than the rest of ingest.
        """
        attributes, context = event.attributes, event.context
        record = object.__new__(cls)
        put = object.__setattr__
        put(record, "action", event.action)
        put(record, "subject", event.subject)
        put(record, "value", event.value)
        put(record, "attributes", None if attributes is None else PlainMapping(attributes))
        put(record, "context", DEFAULT_CONTEXT if context is None else PlainMapping(context))
        put(record, "id", id_)
        put(record, "timestamp", timestamp)
        put(record, "received_at", received_at)
        put(record, "session_id", session_id)
        put(record, "user", lower_ref(user))
        put(record, "origin", origin)
        put(record, "app_version", event.app_version)
        return record

    def to_wire(self) -> dict[str, Any]:
        """The record as a JSON object; an unknown session or user is null, a version absent."""
        return {
            "id": self.id,
            **AnalyticsEvent.to_wire(self),
            "timestamp": format_time(self.timestamp),
            "receivedAt": format_time(self.received_at),
            "sessionId": self.session_id,
            "user": self.user,
            "origin": self.origin,
            **({} if self.app_version is None else {"appVersion": self.app_version}),
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """The record of a JSON object that `to_wire` made.

        Raises:
            InvalidEventError: If a field is missing or wrong.
        """
        timestamp = parse_time("timestamp", wire.get("timestamp"))
        origin = wire.get("origin", "browser")
        if not isinstance(origin, str) or origin not in get_args(Origin):
            problem = f"is {_shown(origin)}"
            raise InvalidEventError("origin", problem, "Use browser, server or agent")
        return cls(
            **event_fields(wire),
            id=parse_event_id(wire.get("id")),
            timestamp=timestamp,
            received_at=parse_time("receivedAt", wire.get("receivedAt", wire.get("timestamp"))),
            session_id=parse_session_id(wire.get("sessionId")),
            user=_optional_text("user", wire.get("user")),
            origin=cast("Origin", origin),
            app_version=storable_version(wire.get("appVersion")),
        )


def storable_version(given: object) -> str | None:
    """An app's version as stored: cut if it is too long, None if it is not a string."""
    if not isinstance(given, str) or not given:
        return None
    return _UNSTORABLE.sub("\ufffd", given[:VERSION_CHARACTERS])


def extension_of(context: Mapping[str, Scalar]) -> str:
    """The name of the extension that an event happened in, in either dialect.

    The current dialect has the id `kind:plugin/name`, the classic one the bare name.
    """
    if "extension" in context or "extensionId" not in context:
        return str(context.get("extension", ""))
    id_ = str(context["extensionId"])
    return id_.partition("/")[2] or id_


def lower_ref(user: str | None) -> str | None:
    """A user's entity ref in lower case, as it is compared, hashed and recorded."""
    return None if user is None else user.lower()


def new_event_id() -> str:
    """A UUIDv7: ids made later in a process sort after the earlier ones."""
    return _IDS.make()


def parse_event_id(value: object) -> str:
    """The canonical form of an event's id.

    Raises:
        InvalidEventError: If it is not a UUID.
    """
    id_ = canonical_uuid(value) if isinstance(value, str) else None
    if id_ is None:
        raise InvalidEventError(
            "id", f"is {_shown(value)}", "Give a UUID, made when the event is captured"
        )
    return id_


def parse_session_id(value: object) -> str | None:
    """A session's id, or None for an unknown session.

    Raises:
        InvalidEventError: If it is not of 1 to 64 letters, digits, `_` or `-`.
    """
    if value is None:
        return None
    if not isinstance(value, str) or not _SESSION_ID.fullmatch(value):
        raise InvalidEventError(
            "sessionId", f"is {_shown(value)}", "Use 1 to 64 letters, digits, _ or -"
        )
    return value


def parse_time(where: str, value: object) -> datetime:
    """A moment in ISO 8601 with its offset from UTC.

    Raises:
        InvalidEventError: If it is something else.
    """
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise InvalidEventError(
            where,
            f"is {_shown(value)}",
            "Use ISO 8601 with an offset, such as 2026-11-23T09:30:00Z",
        ) from None


def format_time(moment: datetime) -> str:
    """A moment as it goes over the wire: UTC, in milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event_fields(wire: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an `AnalyticsEvent` in a JSON object, by Python's names, not validated yet.

    Raises:
        InvalidEventError: If the action or the subject is missing.
    """
    for required in ("action", "subject"):
        if required not in wire:
            raise InvalidEventError(required, "is missing", "Every event has one")
    context = wire.get("context")
    return {
        "action": wire["action"],
        "subject": wire["subject"],
        "value": wire.get("value"),
        "attributes": wire.get("attributes"),
        "context": DEFAULT_CONTEXT if context is None else context,
    }


TRUNCATED = "_truncated"
"""The attribute that names the fields cut or left out, such as `subject, attributes.to`."""


def storable_fields(wire: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an `AnalyticsEvent`, by their Python names, cut to fit the rules.

    Values that are too long are cut, values of a wrong kind are left out, and the attribute
    `_truncated` names both, so that a broken value affects nothing else.

    Raises:
        InvalidEventError: If there is no action or no subject.
    """
    fields = event_fields(wire)
    cutter = _Cutter()
    if isinstance(fields["action"], str):
        fields["action"] = cutter.text("action", fields["action"], ACTION_CHARACTERS)
    subject = fields["subject"]
    if subject is not None and not isinstance(subject, str):
        cutter.cut.append("subject")
        subject = str(subject) if isinstance(subject, int | float) else ""
    if subject is not None:
        fields["subject"] = cutter.text("subject", subject, TEXT_CHARACTERS)
    value = fields["value"]
    if isinstance(value, str | bool) or not _is_scalar(value):
        cutter.cut.append("value")
        fields["value"] = None
    context = cutter.flat("context", fields["context"])
    fields["context"] = DEFAULT_CONTEXT if context is None else context
    attributes = fields["attributes"]
    fields["attributes"] = cutter.flat("attributes", attributes, spare_keys=1)
    if cutter.cut:
        named = ", ".join(cutter.cut)[:KEY_CHARACTERS]
        fields["attributes"] = {**(fields["attributes"] or {}), TRUNCATED: named}
    return fields


class _Cutter:
    """Cuts values that are too long; `cut` names them."""

    def __init__(self) -> None:
        self.cut: list[str] = []
        self._left = EVENT_CHARACTERS - 2 * KEY_CHARACTERS

    def text(self, where: str, text: str, limit: int) -> str:
        """A storable text of at most `limit` characters, and no more than the event has left."""
        kept = _UNSTORABLE.sub("\ufffd", text[: min(limit, self._left)])
        self._left -= len(kept)
        if kept != text:
            self.cut.append(where)
        return kept

    def flat(self, where: str, values: object, *, spare_keys: int = 0) -> dict[str, Scalar] | None:
        """The mapping with only its plain values."""
        if values is None:
            return None
        if not isinstance(values, Mapping):
            self.cut.append(where)
            return None
        flat: dict[str, Scalar] = {}
        for key, value in cast("Mapping[object, object]", values).items():
            place = f"{where}.{_shortened(str(key))}"
            name = self.text(place, key, KEY_CHARACTERS) if isinstance(key, str) else ""
            has_room = len(flat) < KEYS - spare_keys and self._left > 0
            if not name or not has_room or value is None or not _is_scalar(value):
                self.cut.append(place)
                continue
            scalar = cast("Scalar", value)
            flat[name] = (
                self.text(place, scalar, TEXT_CHARACTERS) if isinstance(scalar, str) else scalar
            )
        return flat


def _is_scalar(value: object) -> bool:
    """Whether an event may hold the value; its length is checked elsewhere."""
    if value is None or isinstance(value, str | bool):
        return True
    try:
        _require_number("value", value)
    except InvalidEventError:
        return False
    return True


def _flat(
    where: str, values: object, *, public_only: bool = False
) -> tuple[Mapping[str, Scalar], int]:
    """A checked copy, and how many characters it has."""
    if type(values) is not dict and not isinstance(values, Mapping):
        raise InvalidEventError(where, f"is {_shown(values)}", "Use an object of plain values")
    entries = cast("Mapping[object, object]", values)
    if len(entries) > KEYS:
        raise InvalidEventError(where, f"has {len(entries)} keys", f"Use at most {KEYS}")
    flat: dict[str, Scalar] = {}
    characters = 0
    for key, value in entries.items():
        name = key if _is_plain(key, KEY_CHARACTERS) and key else _key(where, key)
        scalar = value if _is_plain(value, TEXT_CHARACTERS) else _scalar(where, name, value)
        if public_only and name[0] == "_":
            continue
        flat[name] = scalar
        characters += len(name) + (len(scalar) if type(scalar) is str else 0)
    return PlainMapping(flat), characters


def _key(where: str, key: object) -> str:
    text = _require_text(f"{where} key", key, KEY_CHARACTERS)
    if not text:
        raise InvalidEventError(where, "has an empty key", "Name every value")
    return text


def _scalar(of: str, key: str, value: object) -> Scalar:
    if isinstance(value, bool):
        return value
    where = f"{of}.{_shortened(key)}"
    if isinstance(value, str):
        return _require_text(where, value, TEXT_CHARACTERS)
    return _require_number(where, value, hint="Use a string, a number or a boolean")


def _is_plain(value: object, limit: int) -> TypeGuard[str]:
    """Whether the value is a text that needs no closer check, as almost all are."""
    return type(value) is str and len(value) <= limit and value.isprintable()


def _require_text(where: str, value: object, limit: int) -> str:
    if not isinstance(value, str):
        raise InvalidEventError(where, f"is {_shown(value)}", "Use a string")
    if len(value) > limit:
        raise InvalidEventError(
            where, f"has {len(value)} characters", f"Use at most {limit} characters"
        )
    if not value.isprintable() and _UNSTORABLE.search(value):
        raise InvalidEventError(
            where, "contains NUL or an unpaired surrogate", "Send well-formed Unicode text"
        )
    return value


def _require_number(where: str, value: object, hint: str = "Use a finite number") -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidEventError(where, f"is {_shown(value)}", hint)
    if isinstance(value, int):
        fits = -INTEGER_MAGNITUDE <= value < INTEGER_MAGNITUDE
    else:
        fits = math.isfinite(value) and abs(value) <= NUMBER_MAGNITUDE
    if not fits:
        raise InvalidEventError(where, "is out of range", "Use a finite number that fits a float")
    return value


def _optional_text(where: str, value: object) -> str | None:
    return None if value is None else _require_text(where, value, TEXT_CHARACTERS)


def _shown(value: object) -> str:
    """A value for an error message: its type and its beginning."""
    if value is None:
        return "missing"
    return f"{_shortened(repr(value))} ({type(value).__name__})"


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
