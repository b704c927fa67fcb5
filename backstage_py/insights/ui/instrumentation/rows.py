"""The state of the instrumentation as rows of its page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import starmap
from typing import Literal, TypeAlias

from backstage_py.analytics import (
    DeclarationStatus,
    Erasure,
    ErasureState,
    ErasureTask,
    Finding,
    FindingKind,
    Retention,
    Review,
)

Tone: TypeAlias = Literal["good", "bad", "off"]
Status: TypeAlias = Literal["received", "never"]

SHOWN_FINDINGS = 50
"""Of a kind."""
SHOWN_ERASURES = 20
SHOWN_ROWS = 100
ANY = "any"
UNKNOWN = "known at run time"


@dataclass(frozen=True)
class Figure:
    """A number of the instrumentation."""

    label: str
    value: str
    meaning: str


@dataclass(frozen=True)
class FindingRow:
    """Something to look at."""

    about: str
    problem: str
    hint: str


@dataclass(frozen=True)
class FindingGroup:
    """The findings of a kind."""

    kind: str
    title: str
    meaning: str
    count: str
    is_open: bool
    rest: str
    found: list[FindingRow] = field(default_factory=list)


@dataclass(frozen=True)
class InventoryRow:
    """A declaration, and how often it was received."""

    key: str
    action: str
    subject: str
    is_subject_known: bool
    plugin: str
    extension: str
    places: str
    components: str
    received: str
    last_seen: str
    tone: Tone
    status: Status
    is_conditional: bool
    attributes: list[str] = field(default_factory=list)
    context: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ErasureRow:
    """The erasure of a person, and whether each backend did it."""

    key: str
    when: str
    events: str
    backends: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Filter:
    """Which rows to show; an empty text is any."""

    text: str = ""
    plugin: str = ""
    action: str = ""
    status: str = ""


def build_figures(review: Review, days: int) -> list[Figure]:
    """What the page says at a glance."""
    declared = len(review.statuses)
    received = sum(one.count > 0 for one in review.statuses)
    return [
        Figure("Declared", f"{declared:,}", "distinct captures"),
        Figure("Received", f"{received:,} of {declared:,}", f"at least once in {_days(days)}"),
        Figure("Events", f"{review.received:,}", f"in {_days(days)}"),
        Figure("Findings", f"{len(review.findings):,}", "to review"),
    ]


def build_groups(findings: Sequence[Finding]) -> list[FindingGroup]:
    """The findings by their kind, the most urgent kind first; kinds without any are left out."""
    groups = {kind: [one for one in findings if one.kind is kind] for kind in FindingKind}
    return [_group(kind, found) for kind, found in groups.items() if found]


_KINDS: Mapping[FindingKind, tuple[str, str]] = {
    FindingKind.UNDECLARED: (
        "Received but not declared",
        "Events that do not match any capture in this build.",
    ),
    FindingKind.MISSING_CONTEXT: (
        "Without a plugin",
        "They do not belong to a plugin or a page, so nobody owns them.",
    ),
    FindingKind.VOLUME: (
        "Unusual days",
        "Compared with the same weekday of the eight weeks before, by median and deviation.",
    ),
    FindingKind.NAMING: (
        "Names",
        "Names that differ from Backstage's advice: few generic verbs, and well-known keys.",
    ),
    FindingKind.NEVER_FIRED: (
        "Declared but never received",
        "They were not used in this period, or cannot be reached.",
    ),
}


def _group(kind: FindingKind, found: Sequence[Finding]) -> FindingGroup:
    title, meaning = _KINDS[kind]
    hidden = len(found) - SHOWN_FINDINGS
    return FindingGroup(
        kind=kind.value,
        title=title,
        meaning=meaning,
        count=f"{len(found):,}",
        is_open=kind is not FindingKind.NEVER_FIRED,
        rest=f"{hidden:,} more are not shown." if hidden > 0 else "",
        found=[FindingRow(one.about, one.problem, one.hint) for one in found[:SHOWN_FINDINGS]],
    )


def build_rows(review: Review) -> list[InventoryRow]:
    """A row for each declaration."""
    return list(starmap(_row, enumerate(review.statuses)))


def _row(number: int, status: DeclarationStatus) -> InventoryRow:
    one = status.declaration
    subject = one.address.subject
    return InventoryRow(
        key=str(number),
        action=one.address.action or UNKNOWN,
        subject=ANY if subject is None else subject,
        is_subject_known=subject is not None,
        plugin=one.address.plugin_id or UNKNOWN,
        extension=one.address.extension or UNKNOWN,
        places=_places(one.paths),
        components=", ".join(sorted({each.component for each in one.captures})),
        received=f"{status.count:,}",
        last_seen=f"{status.last_seen:%d %b %Y %H:%M}" if status.last_seen else "",
        tone="good" if status.count else "off",
        status="received" if status.count else "never",
        is_conditional=one.is_conditional,
        attributes=[key if it.is_required else f"{key}?" for key, it in one.attributes.items()],
        context=list(one.context_keys),
    )


def _places(paths: Sequence[str]) -> str:
    if not paths:
        return "Every page"
    named = ["any other address" if path == "*" else path for path in paths]
    return ", ".join(named)


def narrow(rows: Iterable[InventoryRow], chosen: Filter) -> list[InventoryRow]:
    """The rows that fit a filter."""
    return [row for row in rows if _fits(row, chosen)]


def _fits(row: InventoryRow, chosen: Filter) -> bool:
    exact = ((chosen.plugin, row.plugin), (chosen.action, row.action), (chosen.status, row.status))
    if any(wanted and wanted != given for wanted, given in exact):
        return False
    words = (row.action, row.subject, row.plugin, row.extension, row.places, row.components)
    everything = " ".join([*words, *row.attributes, *row.context]).casefold()
    return all(word in everything for word in chosen.text.casefold().split())


def describe_rest(shown: int, fitting: int, total: int) -> str:
    """How many rows there are, and how many of them are shown."""
    if fitting > shown:
        return f"Showing {shown:,} of {fitting:,}. Use the filters to narrow the list."
    return (
        f"{fitting:,} of {total:,} declarations" if fitting < total else f"{total:,} declarations"
    )


def describe_retention(retention: Retention) -> list[str]:
    """How long events are kept, a line for each rule."""
    lines = [f"{action}: {_age(age)}" for action, age in retention.actions.items()]
    rest = "everything else" if lines else "all events"
    default = "forever" if retention.default is None else _age(retention.default)
    return [*lines, f"{rest}: {default}"]


def _age(age: timedelta) -> str:
    if age < timedelta(days=2):
        return f"{age // timedelta(hours=1):,} hours"
    return f"{age.days:,} days"


def build_erasures(erasures: Sequence[Erasure]) -> list[ErasureRow]:
    """The newest erasures."""
    return [
        ErasureRow(
            key=one.id,
            when=f"{one.erased_at:%d %b %Y %H:%M}",
            events="1 event" if one.events == 1 else f"{one.events:,} events",
            backends=[_at_backend(task) for task in one.tasks],
        )
        for one in erasures[:SHOWN_ERASURES]
    ]


def _at_backend(task: ErasureTask) -> str:
    reason = f" ({task.failure.reason})" if task.failure.reason else ""
    return f"{task.backend}: {_TASKS[task.state]}{reason}"


_TASKS: Mapping[ErasureState, str] = {
    ErasureState.WAITING: "pending",
    ErasureState.DONE: "erased",
    ErasureState.UNKNOWN: "nothing to erase",
    ErasureState.IMPOSSIBLE: "cannot erase",
}


def _days(days: int) -> str:
    return "the last day" if days == 1 else f"the last {days} days"
