"""The pages and their tiles."""

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.insights.ui.components.chart import spread_chart
from backstage_py.insights.ui.components.cohorts import cohort_table
from backstage_py.insights.ui.components.forms import explorer_form, funnel_form, path_form
from backstage_py.insights.ui.components.funnel import funnel_steps
from backstage_py.insights.ui.components.saved import saved_questions
from backstage_py.insights.ui.components.table import answer_table, head_cell
from backstage_py.insights.ui.components.tile import as_table, data_of, tile_card
from backstage_py.insights.ui.host import get_host
from backstage_py.insights.ui.pages.alerts_page import alerts_page
from backstage_py.insights.ui.pages.changes_page import changes_page
from backstage_py.insights.ui.pages.dashboards_page import dashboards_page
from backstage_py.insights.ui.pages.layout import insights_page, tile_grid
from backstage_py.insights.ui.state.page_state import InsightsState
from backstage_py.insights.ui.tiles import Tile
from backstage_py.insights.ui.views import (
    CONTENT,
    EXPERIENCE,
    EXPLORER,
    FUNNEL,
    OVERVIEW,
    PAGES,
    PATHS,
    PLUGINS,
    RETENTION,
    SEARCH,
    TEMPLATES,
    USAGE,
)
from backstage_py.insights.ui.views.experience import PER


def overview_page() -> Component:
    """Visitors, their visits, and the time saved."""
    return insights_page(
        "overview",
        tile_grid(OVERVIEW),
        subtitle="Who visits, how often, and how much time templates save.",
    )


def plugins_page() -> Component:
    """What is used, and clicked."""
    shown = [_clicks(tile) if tile.id == "clicks" else tile for tile in PLUGINS]
    return insights_page(
        "plugins",
        tile_grid(shown),
        subtitle="The most used plugins, pages and extensions, and the clicks on each route.",
    )


def search_page() -> Component:
    """What people search for, and whether they find it."""
    return insights_page(
        "search", tile_grid(SEARCH), subtitle="What people search for, and whether they find it."
    )


def templates_page() -> Component:
    """The use of templates, and the time they save."""
    shown = [_template_funnel(tile) if tile.id == "funnel" else tile for tile in TEMPLATES]
    return insights_page(
        "templates",
        tile_grid(shown),
        subtitle="How templates are used, where people drop off, and the time saved.",
    )


def content_page() -> Component:
    """What is read, and addresses that do not exist."""
    return insights_page(
        "content",
        tile_grid(CONTENT),
        subtitle="The most read documentation, the most visited entities, and missing pages.",
    )


def retention_page() -> Component:
    """Retention, funnels and paths."""
    cohorts, paths = RETENTION
    return insights_page(
        "retention",
        tile_grid(
            [
                tile_card(cohorts, cohort_table(cohorts.title, data_of(cohorts))),
                rx.el.div(tile_card(FUNNEL, _funnel(FUNNEL), funnel_form()), class_name="bp-wide"),
                tile_card(paths, None, path_form()),
            ]
        ),
        subtitle="Who comes back, and how people move through the portal.",
    )


def explorer_page() -> Component:
    """Any question."""
    data = data_of(EXPLORER)
    table = answer_table("Answer", (), data)
    over_time = rx.fragment(
        spread_chart(data),
        rx.el.details(rx.el.summary("Show as table"), table, class_name="bp-insights-as-table"),
    )
    saved = [saved_questions()] if get_host().saved is not None else []
    answer = tile_card(EXPLORER, rx.cond(data.points, over_time, table), title=data.title)
    return insights_page(
        "explorer",
        rx.el.div(explorer_form(), *saved, class_name="bp-card bp-insights-explorer"),
        tile_grid([answer]),
        subtitle="Build your own query. Share it by its address.",
    )


def experience_page() -> Component:
    """Visits, speed, errors, feedback and feature flags."""
    visits, vitals, errors, *said = EXPERIENCE
    return insights_page(
        "experience",
        tile_grid([visits, _per(vitals), _per(errors), *said]),
        subtitle="How long visits are, how fast pages are, what fails, and what people say.",
    )


def _per(tile: Tile) -> Component:
    """A tile that can be broken down by page, plugin or version."""
    data, chosen = data_of(tile), InsightsState.more["per"]
    by = rx.el.label(
        "By",
        rx.el.select(
            *(rx.el.option(text, value=name) for name, text in PER.items()),
            name="per",
            value=rx.cond(chosen, chosen, next(iter(PER))),
            on_change=lambda value: InsightsState.choose_more("per", value),
        ),
    )
    table = answer_table(tile.title, (), data, heads=[rx.foreach(data.heads, head_cell)])
    return tile_card(tile, table, rx.el.div(by, class_name="bp-filters"))


def _clicks(tile: Tile) -> Component:
    chosen = InsightsState.more["route"]
    route = rx.el.label(
        "Route",
        rx.el.select(
            rx.el.option("Any", value=""),
            rx.cond(
                chosen & ~InsightsState.routes.contains(chosen), rx.el.option(chosen, value=chosen)
            ),
            rx.foreach(InsightsState.routes, lambda one: rx.el.option(one, value=one)),
            name="route",
            value=chosen,
            on_change=lambda value: InsightsState.choose_more("route", value),
        ),
    )
    return tile_card(tile, None, rx.el.div(route, class_name="bp-filters"))


def _template_funnel(tile: Tile) -> Component:
    template = rx.el.label(
        "Template",
        rx.el.select(
            rx.el.option("All", value=""),
            rx.foreach(InsightsState.templates, lambda one: rx.el.option(one[1], value=one[0])),
            name="template",
            value=InsightsState.more["template"],
            on_change=lambda value: InsightsState.choose_more("template", value),
        ),
    )
    return tile_card(tile, _funnel(tile), rx.el.div(template, class_name="bp-filters"))


def _funnel(tile: Tile) -> Component:
    data = data_of(tile)
    return rx.fragment(funnel_steps(data.steps), as_table(tile, data))


def usage_page() -> Component:
    """Who came to an app, and how often."""
    return insights_page(
        "usage", tile_grid(USAGE), subtitle="Who uses this app, how often, and who comes back."
    )


def pages_page() -> Component:
    """What is seen and clicked in an app."""
    shown = [_clicks(tile) if tile.id == "clicks" else tile for tile in PAGES]
    return insights_page(
        "pages", tile_grid(shown), subtitle="Which pages are seen, and what is clicked on them."
    )


def paths_page() -> Component:
    """Who comes back to an app, and how people go through it."""
    cohorts, paths, *others = PATHS
    return insights_page(
        "paths",
        tile_grid(
            [
                tile_card(cohorts, cohort_table(cohorts.title, data_of(cohorts))),
                tile_card(paths, None, path_form()),
                *others,
            ]
        ),
        subtitle="Who comes back, and which way people take through the app.",
    )


def funnels_page() -> Component:
    """The funnel of an app."""
    funnel = rx.el.div(tile_card(FUNNEL, _funnel(FUNNEL), funnel_form()), class_name="bp-wide")
    return insights_page(
        "funnels", tile_grid([funnel]), subtitle="How many get from one thing to the next."
    )


BUILDERS = {
    "overview": overview_page,
    "changes": changes_page,
    "plugins": plugins_page,
    "search": search_page,
    "templates": templates_page,
    "content": content_page,
    "retention": retention_page,
    "experience": experience_page,
    "explorer": explorer_page,
    "dashboards": dashboards_page,
    "alerts": alerts_page,
    "usage": usage_page,
    "pages": pages_page,
    "paths": paths_page,
    "funnels": funnels_page,
}
"""The function that builds each page, by its view."""
