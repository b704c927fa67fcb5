"""What is around the pages of the dashboard in an app."""

import reflex as rx
from reflex_base.components.component import Component
from reflex_base.utils.imports import ImportDict

from backstage_py.insights.ui.look import INSIGHTS_STYLESHEET, INSTRUMENTATION_STYLESHEET
from backstage_py.ui.look import PAGE_STYLESHEET

_SHEETS = (PAGE_STYLESHEET, INSIGHTS_STYLESHEET, INSTRUMENTATION_STYLESHEET)


class DashboardFrame(rx.el.Main):
    """Brings the stylesheets along, so that only pages of the dashboard load them."""

    def add_imports(self) -> ImportDict:
        """The stylesheets, which the bundler keeps with the page."""
        return {"": [f"$/public{sheet}" for sheet in _SHEETS]}


def framed(page: Component) -> Component:
    """A page of the dashboard."""
    return DashboardFrame.create(page, class_name="bp-frame bp-insights-app")
