"""What was before and after an annotation."""

import asyncio
import functools
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ, AnalyticsError, access, utc_now
from backstage_py.insights import Scope, Viewer, get_annotations
from backstage_py.insights.changes.before_after import Comparison, compare_around
from backstage_py.insights.ui import texts
from backstage_py.insights.ui.service import get_insights_service
from backstage_py.insights.ui.state.page_state import InsightsState

DAYS = 7


@dataclass(frozen=True)
class EffectRow:
    """A headline number before and after; `verdict` says whether it is more than noise."""

    name: str
    before: str
    after: str
    change: str
    verdict: str
    is_noise: bool


@dataclass(frozen=True)
class Effect:
    """What the dialog shows."""

    title: str = "Before and after"
    says: str = ""
    rows: list[EffectRow] = field(default_factory=list)
    problem: str = ""


@access(ANALYTICS_INSIGHTS_READ)
class EffectState(rx.State):
    """A dialog with the headline numbers before and after an annotation."""

    is_open: rx.Field[bool] = rx.field(False)
    is_loaded: rx.Field[bool] = rx.field(False)
    title: rx.Field[str] = rx.field("")
    says: rx.Field[str] = rx.field("")
    rows: rx.Field[list[EffectRow]] = rx.field(default_factory=list)
    problem: rx.Field[str] = rx.field("")

    @rx.event(background=True)
    async def show(self, annotation_id: str) -> AsyncGenerator[Any]:
        """Compare the week after an annotation with the same weekdays before it."""
        async with self:
            self.is_open, self.is_loaded, self.rows = True, False, []
            self.title, self.says, self.problem = "Before and after", "", ""
            page = await self.get_state(InsightsState)
            viewer, scope = page.viewer(), page.reading.scope
        yield
        if viewer is None:
            return
        effect = await asyncio.to_thread(read_effect, annotation_id, scope, viewer, utc_now())
        async with self:
            self.problem, self.rows, self.is_loaded = effect.problem, effect.rows, True
            self.title, self.says = effect.title, effect.says
        yield

    @rx.event
    def toggle(self, is_open: bool) -> None:  # ruff: ignore[boolean-type-hint-positional-argument]
        """What the dialog asks for: it is closed by its button, the Escape key, or beside it."""
        if not is_open:
            self.is_open, self.rows, self.is_loaded = False, [], False


def read_effect(annotation_id: str, scope: Scope, viewer: Viewer, now: datetime) -> Effect:
    """The numbers before and after an annotation, as this viewer may see them."""
    try:
        annotation = get_annotations().find(annotation_id)
        if annotation is None:
            return Effect(problem="This annotation was removed. Refresh the page.")
        ask = functools.partial(get_insights_service().ask, viewer=viewer)
        found = compare_around(ask, scope, annotation.at, now=now, days=DAYS)
    except AnalyticsError as error:
        return Effect(problem=str(error))
    except SQLAlchemyError:
        return Effect(problem="The database does not answer. Try again.")
    days = min((now - annotation.at) / timedelta(days=1), DAYS)
    says = f"The {texts.length(days)} after it, compared with the same weekdays a week earlier."
    return Effect(annotation.text, says, [build_effect_row(one) for one in found])


def build_effect_row(comparison: Comparison) -> EffectRow:
    """A comparison in words and figures."""
    change = "\N{EN DASH}" if comparison.change is None else texts.signed(comparison.change)
    verdict = "Within the usual range" if comparison.is_noise else "More than noise"
    return EffectRow(
        comparison.name,
        texts.number(comparison.before),
        texts.number(comparison.after),
        change,
        verdict,
        comparison.is_noise,
    )
