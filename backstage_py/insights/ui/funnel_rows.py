"""The steps of a funnel, and the weeks of cohorts, as their tiles show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from backstage_py.insights import Grain
from backstage_py.insights.ui import texts

_OTHER_ENDS = ("failed", "cancelled")


@dataclass(frozen=True)
class FunnelRow:
    """A step; `width` is how long its bar is, `lost` what became of the others.

    An `is_other` row is not a step but another outcome.
    """

    key: str
    name: str
    count: str
    share: str
    width: str
    lost: str = ""
    is_other: bool = False


@dataclass(frozen=True)
class CohortWeek:
    """A week of a cohort; `strength` is how dark it is, from 0 to 100."""

    text: str
    strength: str
    hint: str


@dataclass(frozen=True)
class CohortRow:
    """People who were first seen in one week."""

    name: str
    size: str
    weeks: list[CohortWeek] = field(default_factory=list)


def build_runs(rows: Sequence[Mapping[str, Any]]) -> list[FunnelRow]:
    """The steps of a template's funnel, whose names are those of events, and its other ends."""
    return [
        replace(
            step,
            name=texts.funnel_step(step.name),
            lost="" if step.name in _OTHER_ENDS else step.lost,
            is_other=step.name in _OTHER_ENDS,
        )
        for step in build_funnel(rows)
    ]


def build_funnel(rows: Sequence[Mapping[str, Any]]) -> list[FunnelRow]:
    """The steps of a funnel's answer, whose counts are `count` or `sessions`."""
    counts = [int(row.get("count", row.get("sessions")) or 0) for row in rows]
    first = counts[0] if counts else 0
    return [
        FunnelRow(
            key=str(index),
            name=str(row.get("name", "")),
            count=texts.number(count),
            share=texts.share(count / first if first else 0),
            width=f"{min(1.0, count / first) * 100 if first else 0:.1f}%",
            lost=_describe_lost(count, counts[index - 1] if index else None, row),
        )
        for index, (row, count) in enumerate(zip(rows, counts, strict=True))
    ]


def _describe_lost(count: int, before: int | None, row: Mapping[str, Any]) -> str:
    took = row.get("medianSeconds")
    time = f"median {texts.seconds(took)} to reach this step" if took is not None and before else ""
    if before is None or not before or count > before:
        return time
    lost = before - count
    part = texts.share(lost / before)
    dropped = f"{part} dropped off ({lost:,})" if lost else "nobody dropped off"
    return f"{dropped}; {time}" if time else dropped


def build_cohorts(rows: Sequence[Mapping[str, Any]]) -> list[CohortRow]:
    """The cohorts of a retention's answer, the first week first."""
    cohorts: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        cohorts.setdefault(str(row["cohort"]), []).append(row)
    return [
        CohortRow(
            name=texts.bucket(name, Grain.WEEK),
            size=texts.number(weeks[0]["users"]),
            weeks=[_build_week(week) for week in sorted(weeks, key=itemgetter("week"))],
        )
        for name, weeks in cohorts.items()
    ]


def _build_week(week: Mapping[str, Any]) -> CohortWeek:
    share = float(week["share"] or 0)
    people = "person" if week["active"] == 1 else "people"
    return CohortWeek(
        text=texts.share(share),
        strength=f"{share * 100:.0f}",
        hint=f"Week {week['week']}: {week['active']:,} {people}",
    )
