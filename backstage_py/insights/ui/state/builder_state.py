"""The forms of the funnel builder and of the explorer; the address holds what they build."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import reflex as rx

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ, access
from backstage_py.insights import By, Condition, Measure, Operator
from backstage_py.insights.ui.builder import (
    MAX_CONDITIONS,
    MAX_DIMENSIONS,
    MAX_STEPS,
    Exploration,
    FunnelPlan,
    is_field,
    make_condition,
)
from backstage_py.insights.ui.state.page_state import InsightsState


@access(ANALYTICS_INSIGHTS_READ)
class FunnelState(rx.State):
    """The steps of the funnel, and the one that is being put together."""

    problem: rx.Field[str] = rx.field("")

    @rx.event
    async def add_step(self, form: dict[str, Any]) -> Any:
        """Add a step at the end: an action and perhaps one more condition."""
        action = str(form.get("action", "")).strip()
        condition = make_condition(
            str(form.get("field", "")), str(form.get("operator", "")), str(form.get("value", ""))
        )
        if not action:
            self.problem = "Name the step's action."
            return None
        self.problem = ""
        first = Condition("action", Operator.IS, (action,))
        step = (first,) if condition is None else (first, condition)
        return await self._change(lambda plan: replace(plan, steps=(*plan.steps, step)[:MAX_STEPS]))

    @rx.event
    async def remove_step(self, index: int) -> Any:
        """Remove a step; the last one remains."""
        return await self._change(
            lambda plan: replace(
                plan,
                steps=tuple(one for place, one in enumerate(plan.steps) if place != index)
                or plan.steps,
            )
        )

    @rx.event
    async def choose_days(self, days: str) -> Any:
        """Choose how long it may take."""
        return await self._change(
            lambda plan: replace(plan, days=int(days) if days.isdigit() else plan.days)
        )

    @rx.event
    async def choose_by(self, by: str) -> Any:
        """Choose whether people or visits are counted."""
        return await self._change(lambda plan: replace(plan, by=By(by)))

    async def _change(self, change: Callable[[FunnelPlan], FunnelPlan]) -> Any:
        page = await self.get_state(InsightsState)
        plan = FunnelPlan.read(page.reading.query)
        return InsightsState.choose_many(change(plan).write())


@access(ANALYTICS_INSIGHTS_READ)
class ExplorerState(rx.State):
    """The explorer's form."""

    problem: rx.Field[str] = rx.field("")

    @rx.event
    async def choose_measure(self, measure: str) -> Any:
        """Choose what is counted."""
        return await self._change(lambda one: replace(one, measure=Measure(measure)))

    @rx.event
    async def choose_percentile(self, percentile: str) -> Any:
        """Choose which percentile."""
        number = int(percentile) if percentile.isdigit() else 0
        return await self._change(lambda one: replace(one, percentile=number or one.percentile))

    @rx.event
    async def add_dimension(self, form: dict[str, Any]) -> Any:
        """Break down by a field, or by a key of the attributes or the context."""
        name = str(form.get("dimension", "")).strip()
        if not is_field(name) or name == "value":
            self.problem = (
                f"{name or 'Nothing'} is not a field. Use one of the list, or attributes.…"
            )
            return None
        self.problem = ""
        return await self._change(
            lambda one: replace(one, by=tuple(dict.fromkeys((*one.by, name)))[-MAX_DIMENSIONS:])
        )

    @rx.event
    async def remove_dimension(self, name: str) -> Any:
        """No longer break down by a field."""
        return await self._change(
            lambda one: replace(one, by=tuple(other for other in one.by if other != name))
        )

    @rx.event
    async def choose_over(self, over: str) -> Any:
        """Choose whether the answer is over time."""
        return await self._change(lambda one: replace(one, is_over_time=over == "time"))

    @rx.event
    async def add_condition(self, form: dict[str, Any]) -> Any:
        """Add a filter."""
        condition = make_condition(
            str(form.get("field", "")).strip(),
            str(form.get("operator", "")),
            str(form.get("value", "")).strip(),
        )
        if condition is None:
            self.problem = "Name a field, and what it is compared with."
            return None
        self.problem = ""
        return await self._change(
            lambda one: replace(one, where=(*one.where, condition)[-MAX_CONDITIONS:])
        )

    @rx.event
    async def remove_condition(self, index: int) -> Any:
        """Remove a filter."""
        return await self._change(
            lambda one: replace(
                one,
                where=tuple(other for place, other in enumerate(one.where) if place != index),
            )
        )

    async def _change(self, change: Callable[[Exploration], Exploration]) -> Any:
        page = await self.get_state(InsightsState)
        exploration = Exploration.read(page.reading.query)
        return InsightsState.choose_many(change(exploration).write())
