"""The filters of a page: they are in its address and apply to every tile."""

import json
from collections.abc import Sequence
from typing import Any

import reflex as rx

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ, access
from backstage_py.insights import Condition
from backstage_py.insights.ui.builder import (
    MAX_CONDITIONS,
    make_condition,
    read_conditions,
    read_filters,
    write_conditions,
)
from backstage_py.insights.ui.page_query import WHERE
from backstage_py.insights.ui.state.page_state import InsightsState


@access(ANALYTICS_INSIGHTS_READ)
class FilterState(rx.State):
    """The form that adds a filter, and the chips that remove one."""

    problem: rx.Field[str] = rx.field("")
    is_open: rx.Field[bool] = rx.field(False)

    @rx.event
    def toggle(self) -> None:
        """Show or hide the form."""
        self.is_open, self.problem = not self.is_open, ""

    @rx.event
    async def add(self, form: dict[str, Any]) -> Any:
        """Add what the form says."""
        condition = make_condition(
            str(form.get("field", "")).strip(),
            str(form.get("operator", "")),
            str(form.get("value", "")).strip(),
        )
        if condition is None:
            self.problem = "Name a field, and a value to compare it with."
            return None
        self.problem, self.is_open = "", False
        return await self._change([condition])

    @rx.event
    async def add_row(self, conditions: str) -> Any:
        """Filter by a row of a ranking: `conditions` is JSON."""
        return await self._change(read_conditions(json.loads(conditions)))

    @rx.event
    async def remove(self, index: int) -> Any:
        """Remove a filter."""
        filters = await self._filters()
        return _go([one for place, one in enumerate(filters) if place != index])

    @rx.event
    def clear(self) -> Any:
        """Remove all filters."""
        return _go([])

    async def _filters(self) -> tuple[Condition, ...]:
        page = await self.get_state(InsightsState)
        return read_filters(page.reading.query)

    async def _change(self, added: Sequence[Condition]) -> Any:
        filters = [*await self._filters()]
        new = [one for one in added if one not in filters]
        return _go([*filters, *new][-MAX_CONDITIONS:])


def _go(filters: Sequence[Condition]) -> Any:
    text = write_conditions(filters) if filters else ""
    return InsightsState.choose_more(WHERE, text)
