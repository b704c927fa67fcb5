"""The fields of the funnel builder and the explorer, from the page's address."""

from dataclasses import dataclass, field, replace

from backstage_py.insights import Condition, Operator
from backstage_py.insights.ui.builder import (
    Exploration,
    FunnelPlan,
    describe,
    name_step,
    title_of,
)
from backstage_py.insights.ui.host import get_host
from backstage_py.insights.ui.page_query import PageQuery


@dataclass(frozen=True)
class Chosen:
    """A choice that can be removed."""

    value: str
    text: str


@dataclass(frozen=True)
class BuilderForm:
    """The forms' fields."""

    steps: list[Chosen] = field(default_factory=list)
    days: str = "1"
    by: str = "user"
    measure: str = "events"
    percentile: str = "95"
    dimensions: list[Chosen] = field(default_factory=list)
    over: str = ""
    conditions: list[Chosen] = field(default_factory=list)


def build_form(query: PageQuery) -> BuilderForm:
    """The forms for an address."""
    plan, exploration = FunnelPlan.read(query), Exploration.read(query)
    return BuilderForm(
        steps=[Chosen(str(place), name_step(one)) for place, one in enumerate(plan.steps)],
        days=str(plan.days),
        by=str(plan.by),
        measure=str(exploration.measure),
        percentile=str(exploration.percentile),
        dimensions=[Chosen(name, title_of(name)) for name in exploration.by],
        over="time" if exploration.is_over_time else "",
        conditions=[Chosen(str(place), _say(one)) for place, one in enumerate(exploration.where)],
    )


def titled(condition: Condition) -> Condition:
    """A condition with titles for values that have one."""
    host = get_host()
    find = {
        "pluginId": host.plugin_title,
        "path": host.page_title,
        "entityRef": host.title_of,
        "team": host.title_of,
    }.get(condition.field)
    if find is None:
        return condition
    return replace(condition, values=tuple(find(str(one)) or one for one in condition.values))


def _say(condition: Condition) -> str:
    said = describe(titled(condition))
    is_action = condition.field == "action" and condition.operator is Operator.IS
    return f"Action is {said}" if is_action else said
