"""How an entity is used: its page, its documentation, and its runs if it is a template."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from backstage_py.insights import (
    Activity,
    Condition,
    Grain,
    Operator,
    Scope,
    Totals,
    Viewer,
    Window,
)
from backstage_py.insights.ui import sparkline
from backstage_py.insights.ui.rows import Figure, Wording, build_figure
from backstage_py.insights.ui.service import Answered, Asked, InsightsService
from backstage_py.insights.ui.settings import get_settings
from backstage_py.insights.ui.tiles import FigureSpec

DAYS = 28
DOCS_PLUGIN = "techdocs"
_VIEWS = (
    FigureSpec("navigations", "Page views", ""),
    FigureSpec("users", "People", ""),
)
_DOCS = FigureSpec("navigations", "Documentation views", "")
_RUNS = (
    FigureSpec("runs", "Template runs", ""),
    FigureSpec("minutesSaved", "Time saved", "", "hours"),
)


@dataclass(frozen=True)
class Usage:
    """The figures of an entity, and the line of its page views by day."""

    figures: list[Figure] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    summary: str = ""
    address: str = ""


def read_usage(
    entity_ref: str,
    service: InsightsService,
    viewer: Viewer,
    now: datetime,
    *,
    has_docs: bool,
    is_template: bool,
) -> Usage | None:
    """The usage of an entity in the last 28 days; None if it can't be read.

    Args:
        entity_ref: The entity.
        service: Asks the engine.
        viewer: Who looks.
        now: The end of the period.
        has_docs: Whether it has documentation.
        is_template: Whether it is a template, whose runs count.
    """
    zone = get_settings().zone
    window = Window.last_days(DAYS, now=now, zone=zone)
    of_it = Condition("entityRef", Operator.IS, (entity_ref,))
    of_docs = Condition("pluginId", Operator.IS, (DOCS_PLUGIN,))
    scope = Scope(window, (of_it,))
    asked = [Asked(Totals(), is_compared=True), Asked(Activity(Grain.DAY))]
    totals, activity = service.ask_all(asked, scope, viewer)
    read = service.ask_all(asked[:1], scope.narrowed(of_docs), viewer)[0] if has_docs else None
    if not isinstance(totals, Answered) or not isinstance(activity, Answered):
        return None
    wording = Wording(get_settings(), window, Grain.DAY, service.page_of, service.title_of)
    figures = _figures(totals, (*_VIEWS, *(_RUNS if is_template else ())), wording)
    if isinstance(read, Answered):
        figures += _figures(read, (_DOCS,), wording)
    points = [{"s0": row["navigations"]} for row in activity.answer.rows]
    top = max((point["s0"] for point in points), default=0)
    return Usage(
        figures,
        sparkline.draw(points, 1, top) if top else [],
        f"Page views by day, at most {top}",
        f'where=[["entityRef","is",["{entity_ref}"]]]',
    )


def _figures(answered: Answered, specs: tuple[FigureSpec, ...], wording: Wording) -> list[Figure]:
    rows, before = answered.answer.rows, answered.before
    if not rows:
        return []
    then = before.rows[0] if before and before.rows else {}
    made = [
        build_figure(spec, rows[0][spec.key], then.get(spec.key), wording, is_compared=True)
        for spec in specs
    ]
    return [replace(one, tone="") for one in made]
