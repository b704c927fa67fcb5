"""The event of an answered search. Source: `SearchContextProvider` of Backstage."""

from reflex.event import EventHandler, no_args_event_spec
from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var

from backstage_py.analytics import analytics_context, use_analytics
from backstage_py.plugins.search.state.query_state import QueryState
from backstage_py.ui.browser_module import browser_module


class SearchAnswer(Component):
    """Reports each answer once."""

    library = browser_module(__file__, "search_answer.js")
    tag = "SearchAnswer"

    answer: Var[str] = field(doc="The id of the answer; nothing is told of an empty one.")

    place: Var[str] = field(doc="What tells this search from others of the same tab.")

    on_answer: EventHandler[no_args_event_spec] = field(doc="There is a new answer.")


def search_context(state: type[QueryState], *children: Component, place: str) -> Component:
    """A search: components below have `searchTypes`, and each answered term is a `search`.

    Args:
        state: The search.
        children: The components of the search.
        place: The unique name of this search within the tab.
    """
    captured = use_analytics().capture_event("search", state.answered_term, value=state.total)
    return analytics_context(
        SearchAnswer.create(answer=state.answer, place=place, on_answer=captured),
        *children,
        attributes={"searchTypes": state.answered_types},
    )
