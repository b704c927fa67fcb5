"""The tracking plan: the events that may be captured, written down by its owner.

It is exported from the inventory, edited, kept beside the code, and checked against the inventory
and the record in CI. The kinds of violation are a closed list, as in RudderStack's tracking plans.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from backstage_py.analytics.config.configuration import closest
from backstage_py.analytics.errors import AnalyticsError
from backstage_py.analytics.event import AnalyticsEvent, Scalar
from backstage_py.analytics.inventory.capture import Kind, kind_of
from backstage_py.analytics.inventory.declaration import Address, Declaration, address_of

HEAD = """\
# The tracking plan: what this app may capture. Made by `python -m backstage_py events plan`;
# from now on it is yours to edit. `python -m backstage_py events lint --plan FILE` holds it
# against the app, and against recorded events.
#
# An event is planned if an entry fits it: its action, and, where the entry names them, its
# plugin, extension, routeRef and subject. Types: string, number, boolean, any.
"""


Presence: TypeAlias = Literal["absent", "optional", "required"]


class ViolationKind(StrEnum):
    """Every kind of violation of the plan or the conventions."""

    UNPLANNED_EVENT = "unplanned-event"
    MISSING_ATTRIBUTE = "missing-attribute"
    WRONG_TYPE = "wrong-type"
    ADDITIONAL_ATTRIBUTE = "additional-attribute"
    MISSING_CONTEXT = "missing-context"
    MISSING_VALUE = "missing-value"
    UNEXPECTED_VALUE = "unexpected-value"
    NOT_CAPTURED = "not-captured"
    NAMING = "naming"


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation: what it is about, what is wrong, and how to fix it.

    `count` is the number of events with the same violation.
    """

    kind: ViolationKind
    about: str
    problem: str
    hint: str
    count: int = 1

    def to_wire(self) -> dict[str, Any]:
        """The violation as a JSON object."""
        return {
            "kind": self.kind.value,
            "about": self.about,
            "problem": self.problem,
            "hint": self.hint,
            "count": self.count,
        }


class _Part(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True
    )


class PlannedKey(_Part):
    """A key of the attributes or of the context."""

    type: Kind = "any"
    required: bool = True


class PlannedEvent(_Part):
    """An entry of the plan; absent fields are not checked."""

    action: str
    description: str | None = None
    plugin: str | None = None
    extension: str | tuple[str, ...] | None = None
    route_ref: str | tuple[str, ...] | None = None
    subject: str | tuple[str, ...] | None = None
    value: Presence = "optional"
    attributes: Mapping[str, PlannedKey] = Field(default_factory=dict)
    additional_attributes: bool = False
    context: Mapping[str, PlannedKey] = Field(default_factory=dict)

    def covers(self, address: Address) -> bool:
        """Whether the entry matches; values known only at run time match."""
        given = (self.action, self.plugin, self.extension, self.route_ref, self.subject)
        return all(map(_fits, given, address.parts))


class TrackingPlan(_Part):
    """The events that an app may capture."""

    version: Literal[1] = 1
    events: tuple[PlannedEvent, ...] = ()


def _fits(planned: str | tuple[str, ...] | None, given: str | None) -> bool:
    if planned is None or given is None:
        return True
    return given in ((planned,) if isinstance(planned, str) else planned)


def read_plan(path: Path) -> TrackingPlan:
    """The plan of a file.

    Raises:
        AnalyticsError: If it cannot be read, or a key or value is wrong; it names both.
    """
    try:
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        hint = "Make one: python -m backstage_py events plan > tracking-plan.yaml"
        raise AnalyticsError(str(path), f"cannot be read: {error}", hint) from None
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise AnalyticsError(
            where, "is not valid YAML", "Fix the line or the one before it"
        ) from None
    try:
        return TrackingPlan.model_validate(content if content is not None else {})
    except ValidationError as error:
        raise _wrong(path, content, error) from None


def _wrong(path: Path, content: Any, error: ValidationError) -> AnalyticsError:
    first = error.errors(include_url=False)[0]
    location = [part for part in first["loc"] if part not in {"str", "tuple[str, ...]"}]
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    where = f"{path}: {key.lstrip('.') or 'the plan'}"
    if first["type"] == "extra_forbidden":
        hint = closest(str(location[-1]), _siblings(location))
        return AnalyticsError(where, "is not a known key", hint)
    if first["type"] == "missing":
        return AnalyticsError(where, "is missing", "Give it")
    return AnalyticsError(where, f"is {_value(content, location)!r}"[:120], first["msg"])


def _value(content: Any, location: Sequence[Any]) -> Any:
    for part in location:
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            return content
    return content


def _siblings(location: Sequence[Any]) -> list[str]:
    schema: type[BaseModel] = TrackingPlan
    if location[:1] == ["events"]:
        schema = PlannedKey if {"attributes", "context"} & set(location[:-1]) else PlannedEvent
    return [field.alias or name for name, field in schema.model_fields.items()]


def build_plan(
    declarations: Iterable[Declaration], seen: Mapping[str, Mapping[str, set[Kind]]]
) -> TrackingPlan:
    """The plan of an inventory: similar captures of a plugin become one entry.

    Args:
        declarations: The app's declarations.
        seen: By action the kinds that attributes were received with, for those that are only
            known at run time.
    """
    groups: dict[_Alike, list[Declaration]] = {}
    for one in declarations:
        if one.address.action is not None:
            groups.setdefault(_alike(one), []).append(one)
    return TrackingPlan(
        events=tuple(_planned(alike, found, seen) for alike, found in groups.items())
    )


def write_plan(plan: TrackingPlan) -> str:
    """The plan as YAML, with a header that explains it."""
    yaml = YAML()
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    content = plan.model_dump(by_alias=True, mode="json", exclude_none=True)
    content["events"] = [_tidy(event) for event in content["events"]]
    output = io.StringIO()
    yaml.dump(content, output)
    return HEAD + output.getvalue()


def _tidy(event: dict[str, Any]) -> dict[str, Any]:
    """The entry without keys at their default values."""
    dull: dict[str, Any] = {"value": "optional", "attributes": {}, "context": {}}
    kept = {key: value for key, value in event.items() if dull.get(key, _NOTHING) != value}
    if not kept.get("additionalAttributes"):
        kept.pop("additionalAttributes", None)
    for keys in (kept.get("attributes", {}), kept.get("context", {})):
        for key in keys.values():
            if key["required"]:
                del key["required"]
    return kept


_NOTHING = object()


@dataclass(frozen=True, slots=True)
class _Alike:
    """The facts that the declarations of one entry share."""

    action: str
    plugin: str | None
    attributes: tuple[tuple[str, Kind, bool], ...]
    context: tuple[str, ...]
    value: bool | None
    is_open: bool


def _alike(one: Declaration) -> _Alike:
    attributes: Iterable[tuple[str, Kind, bool]] = (
        (key, it.kind, it.is_required) for key, it in sorted(one.attributes.items())
    )
    action, plugin = one.address.action, one.address.plugin_id
    assert action is not None
    return _Alike(action, plugin, tuple(attributes), one.context_keys, one.has_value, one.is_open)


def _planned(
    alike: _Alike, found: Sequence[Declaration], seen: Mapping[str, Mapping[str, set[Kind]]]
) -> PlannedEvent:
    values: Mapping[bool | None, Presence] = {True: "required", False: "absent", None: "optional"}
    kinds = seen.get(alike.action, {})
    attributes = {
        key: PlannedKey(type=_kind(kind, kinds.get(key, set())), required=is_required)
        for key, kind, is_required in alike.attributes
    }
    return PlannedEvent(
        action=alike.action,
        plugin=alike.plugin,
        extension=_one_or_more([one.address.extension for one in found]),
        route_ref=_one_or_more([one.address.route_ref for one in found]),
        subject=_one_or_more([one.address.subject for one in found]),
        value=values[alike.value],
        attributes=attributes,
        additional_attributes=alike.is_open,
        context={key: PlannedKey(type="any") for key in alike.context},
    )


def _kind(declared: Kind, received: set[Kind]) -> Kind:
    if declared == "any" and len(received) == 1:
        return next(iter(received))
    return declared


def _one_or_more(values: Iterable[str | None]) -> str | tuple[str, ...] | None:
    """One text, several, or None if one of them may be any."""
    found = set(values)
    if None in found:
        return None
    texts = sorted(text for text in found if text is not None)
    return texts[0] if len(texts) == 1 else tuple(texts)


def check_declarations(plan: TrackingPlan, declarations: Sequence[Declaration]) -> list[Violation]:
    """The violations of the plan in an app's declarations."""
    found: list[Violation] = []
    for one in declarations:
        entries = [entry for entry in plan.events if entry.covers(one.address)]
        about = describe_address(one.address)
        if one.address.action is None:
            continue
        if not entries:
            found.append(_unplanned(plan, one.address))
            continue
        found += _fewest([list(_check_declared(entry, one, about)) for entry in entries])
    for entry in plan.events:
        if not any(entry.covers(one.address) for one in declarations):
            hint = "Capture it again, or take it out of the plan"
            about = describe_address(_entry_address(entry))
            found.append(
                Violation(ViolationKind.NOT_CAPTURED, about, "is planned, and not captured", hint)
            )
    return found


def _entry_address(entry: PlannedEvent) -> Address:
    parts = (entry.plugin, entry.extension, entry.route_ref, entry.subject)
    texts = [one if isinstance(one, str) or one is None else " | ".join(one) for one in parts]
    return Address(entry.action, *texts)


def check_events(plan: TrackingPlan, events: Iterable[AnalyticsEvent]) -> list[Violation]:
    """The violations of a plan in events; equal violations are counted together."""
    counts: dict[Violation, int] = {}
    entries: dict[str, list[PlannedEvent]] = {}
    for entry in plan.events:
        entries.setdefault(entry.action, []).append(entry)
    for event in events:
        address = address_of(event)
        fitting = [one for one in entries.get(event.action, ()) if one.covers(address)]
        violations = (
            _fewest([list(_check_event(entry, event)) for entry in fitting])
            if fitting
            else [_unplanned(plan, Address(*address.parts[:4]))]
        )
        for violation in violations:
            counts[violation] = counts.get(violation, 0) + 1
    return [
        Violation(one.kind, one.about, one.problem, one.hint, count)
        for one, count in counts.items()
    ]


def _fewest(choices: Sequence[list[Violation]]) -> list[Violation]:
    """The matching entry with the fewest violations."""
    return min(choices, key=len)


def _unplanned(plan: TrackingPlan, address: Address) -> Violation:
    actions = sorted({entry.action for entry in plan.events})
    hint = "Plan it for this place, or capture it where it is planned"
    if address.action not in actions:
        hint = f"Plan it, or use another action. {closest(address.action or '', actions)}"
    return Violation(
        ViolationKind.UNPLANNED_EVENT, describe_address(address), "is not planned", hint
    )


def _check_declared(entry: PlannedEvent, one: Declaration, about: str) -> Iterator[Violation]:
    kinds: dict[str, Kind] = {key: it.kind for key, it in one.attributes.items()}
    always = {key for key, it in one.attributes.items() if it.is_required}
    yield from _check_keys(entry, about, kinds, always, is_open=one.is_open)
    for key, planned in entry.context.items():
        if planned.required and key not in one.context_keys:
            yield _without_context(about, key)
    yield from _check_value(entry, about, has_value=one.has_value)


def _check_event(entry: PlannedEvent, event: AnalyticsEvent) -> Iterator[Violation]:
    about = describe_address(Address(*address_of(event).parts[:4]))
    kinds = _kinds(event.attributes or {})
    yield from _check_keys(entry, about, kinds, set(kinds), is_open=False)
    for key, planned in entry.context.items():
        if key not in event.context:
            if planned.required:
                yield _without_context(about, key)
        elif not _is_kind(planned.type, kind_of(event.context[key])):
            yield _of_wrong_type(f"context.{key}", about, planned.type, kind_of(event.context[key]))
    yield from _check_value(entry, about, has_value=event.value is not None)


def _kinds(attributes: Mapping[str, Scalar]) -> dict[str, Kind]:
    return {key: kind_of(value) for key, value in attributes.items()}


def _check_keys(
    entry: PlannedEvent, about: str, kinds: Mapping[str, Kind], always: set[str], *, is_open: bool
) -> Iterator[Violation]:
    for key, planned in entry.attributes.items():
        if planned.required and key not in always and not is_open:
            yield Violation(
                ViolationKind.MISSING_ATTRIBUTE,
                about,
                f"has no attribute {key}",
                "Capture it, or plan it as required: false",
            )
        if key in kinds and not _is_kind(planned.type, kinds[key]):
            yield _of_wrong_type(f"attributes.{key}", about, planned.type, kinds[key])
    if not entry.additional_attributes:
        for key in sorted(kinds.keys() - entry.attributes.keys()):
            yield Violation(
                ViolationKind.ADDITIONAL_ATTRIBUTE,
                about,
                f"has the attribute {key}, which is not planned",
                f"Plan it, or leave it out. {closest(key, sorted(entry.attributes))}",
            )


def _check_value(entry: PlannedEvent, about: str, *, has_value: bool | None) -> Iterator[Violation]:
    if entry.value == "required" and has_value is False:
        hint = "Capture it with a value, or plan value: optional"
        yield Violation(ViolationKind.MISSING_VALUE, about, "has no value", hint)
    if entry.value == "absent" and has_value:
        hint = "Plan value: optional, or leave the value out"
        yield Violation(ViolationKind.UNEXPECTED_VALUE, about, "has a value", hint)


def _without_context(about: str, key: str) -> Violation:
    return Violation(
        ViolationKind.MISSING_CONTEXT,
        about,
        f"has no {key} in its context",
        f"Put it below an analytics_context with {key}, or plan it as required: false",
    )


def _of_wrong_type(what: str, about: str, planned: Kind, given: Kind) -> Violation:
    problem = f"{what} is a {given}, planned is a {planned}"
    return Violation(ViolationKind.WRONG_TYPE, about, problem, "Fix the capture, or the plan")


def _is_kind(planned: Kind, given: Kind) -> bool:
    return "any" in {planned, given} or planned == given


def describe_address(address: Address) -> str:
    """An address in a line: what, and where."""
    action, plugin, extension, _, subject = (part or "*" for part in address.parts)
    what = action if address.subject is None else f'{action} "{subject}"'
    return f"{what} in {plugin}/{extension}"
