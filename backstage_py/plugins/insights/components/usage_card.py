"""The card on an entity's page that says how it is used."""

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.insights.ui.components.figures import figure
from backstage_py.insights.ui.components.spark import spark
from backstage_py.insights.ui.host import BASE
from backstage_py.plugins.insights.state.usage_state import UsageState
from backstage_py.plugins.insights.usage import DAYS
from backstage_py.portal.components import info_card, link


def usage_card() -> Component:
    """Views, people, documentation and runs of the last weeks."""
    usage = UsageState.usage
    return info_card(
        "Usage",
        rx.el.dl(rx.foreach(usage.figures, figure), class_name="bp-insights-figures"),
        rx.cond(usage.lines, spark(usage.lines, usage.summary)),
        rx.el.p(
            f"Last {DAYS} days. ",
            link("Open in Insights", to=f"{BASE}?" + usage.address.to(str)),
            class_name="bp-muted",
        ),
        class_name="bp-card bp-insights-usage",
    )


def has_usage() -> rx.Var[bool]:
    """Whether there is something to show."""
    return UsageState.has_usage
