"""The questions by name, for those who do not write Python: alerts, MCP and the API.

Each has a name, a description, and a JSON schema of its parameters. Parameters are checked against
the fields of the question's dataclass.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError

from backstage_py.analytics import AnalyticsError
from backstage_py.insights.questions.content import (
    NotFound,
    NotFoundReferrers,
    TopEntities,
    Unvisited,
    ViewsByOwner,
)
from backstage_py.insights.questions.experience import Errors, WebVitals
from backstage_py.insights.questions.explorer import Explore, KeyFields
from backstage_py.insights.questions.funnel import Funnel
from backstage_py.insights.questions.outcomes import (
    Adoption,
    Exposure,
    FeedbackAfter,
    FeedbackAnswers,
)
from backstage_py.insights.questions.overview import Activity, Totals
from backstage_py.insights.questions.people import (
    ActiveByTeam,
    ActiveUsers,
    Lifecycle,
    Reach,
    Stickiness,
    TopUsers,
)
from backstage_py.insights.questions.plugins import (
    Entries,
    Exits,
    Moves,
    PathsAround,
    TopClicks,
    TopExtensions,
    TopPages,
    TopPlugins,
    TopRoutes,
)
from backstage_py.insights.questions.question import Question
from backstage_py.insights.questions.retention import Retention
from backstage_py.insights.questions.search import (
    OpenedResults,
    Refinements,
    Searches,
    SearchesWithoutClick,
    SearchesWithoutResult,
    SearchQuality,
    SearchVolume,
)
from backstage_py.insights.questions.template_funnel import RunOutcomes, TemplateFunnel
from backstage_py.insights.questions.templates import (
    TemplateOutcomes,
    Templates,
    TimeSaved,
    TimeSavedByTeam,
)
from backstage_py.insights.questions.visits import HereNow, VisitLength, VisitTimeline

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True)
class NamedQuestion:
    """A question that can be asked by name.

    `answers` says in a sentence what it answers.
    """

    question: type[Question]
    answers: str

    @property
    def name(self) -> str:
        """The class's name in kebab-case, such as `top-pages`."""
        return _CAPITAL.sub("-", self.question.__name__).lower()

    @cached_property
    def _adapter(self) -> TypeAdapter[Question]:
        return TypeAdapter(self.question)

    @property
    def schema(self) -> dict[str, Any]:
        """Its parameters as a JSON schema."""
        return self._adapter.json_schema()

    @property
    def columns(self) -> list[str]:
        """The keys of its rows; for the explorer, those of its default answer."""
        columns = self.question.columns
        return list(columns if isinstance(columns, tuple) else ("action", "value", "users"))

    def build(self, parameters: Mapping[str, Any]) -> Question:
        """The question with these parameters.

        Raises:
            AnalyticsError: If a parameter is unknown, missing or wrong; it names the parameter.
        """
        known = self.schema.get("properties", {})
        unknown = next((key for key in parameters if key not in known), None)
        if unknown is not None:
            hint = f"Use {', '.join(known)}" if known else "It takes no parameters"
            raise AnalyticsError(f"parameters.{unknown[:60]}", "is unknown", hint)
        limit = parameters.get("limit")
        if isinstance(limit, int) and limit < 1:
            raise AnalyticsError("parameters.limit", f"is {limit}", "Use 1 or more")
        try:
            return self._adapter.validate_python(dict(parameters))
        except ValidationError as error:
            wrong = error.errors(include_url=False)[0]
            where = ".".join(("parameters", *map(str, wrong["loc"])))
            raise AnalyticsError(where, wrong["msg"], f"See list_questions: {self.name}") from None


_ALL = (
    NamedQuestion(Totals, "Users, visits, events, page views, template runs and minutes saved."),
    NamedQuestion(Activity, "The same over time."),
    NamedQuestion(ActiveUsers, "Active users over time."),
    NamedQuestion(Lifecycle, "New, returning, reactivated and dormant users over time."),
    NamedQuestion(Stickiness, "Active users by day, week and month, and the share of the day."),
    NamedQuestion(Reach, "Active users out of all known users."),
    NamedQuestion(ActiveByTeam, "Active users and events of each team."),
    NamedQuestion(TopUsers, "Users by events; only for those who may see people."),
    NamedQuestion(VisitLength, "Visits, their median length, pages per visit and bounces."),
    NamedQuestion(HereNow, "Who is here now, on which page; give the last minutes as the range."),
    NamedQuestion(VisitTimeline, "What happened in one visit; only for those who see people."),
    NamedQuestion(Adoption, "New users of a plugin over time since its first day."),
    NamedQuestion(Exposure, "Users by variant of a feature flag, and how many did an action then."),
    NamedQuestion(FeedbackAnswers, "Answers to feedback questions, with the mean of the points."),
    NamedQuestion(FeedbackAfter, "What people had just done when they answered feedback."),
    NamedQuestion(WebVitals, "Web Vitals by page, plugin or version: the 75th percentile."),
    NamedQuestion(Errors, "Errors by page, plugin or version."),
    NamedQuestion(Retention, "Weekly cohorts: who comes back."),
    NamedQuestion(TopPlugins, "Plugins by events."),
    NamedQuestion(TopRoutes, "Routes by events."),
    NamedQuestion(TopExtensions, "Extensions by events."),
    NamedQuestion(TopPages, "Pages by views."),
    NamedQuestion(TopClicks, "Links by clicks."),
    NamedQuestion(Entries, "Entry pages by visits."),
    NamedQuestion(Exits, "Exit pages by visits."),
    NamedQuestion(Moves, "From which page to which page people go."),
    NamedQuestion(PathsAround, "Where people go from a page, or how they get there."),
    NamedQuestion(Searches, "Search terms by searches."),
    NamedQuestion(SearchesWithoutResult, "Search terms that found nothing."),
    NamedQuestion(SearchesWithoutClick, "Search terms after which nothing was opened."),
    NamedQuestion(SearchVolume, "Searches over time."),
    NamedQuestion(SearchQuality, "Searches, without results, without a click, mean rank."),
    NamedQuestion(OpenedResults, "Search results by how often they were opened."),
    NamedQuestion(Refinements, "Which term was tried after which."),
    NamedQuestion(Templates, "Software templates by runs, with minutes saved."),
    NamedQuestion(TemplateFunnel, "From opening a template to what it made."),
    NamedQuestion(RunOutcomes, "How the runs of one template, or of all, ended."),
    NamedQuestion(TemplateOutcomes, "Finished, failed and cancelled runs of each template."),
    NamedQuestion(TimeSaved, "Minutes saved by templates over time."),
    NamedQuestion(TimeSavedByTeam, "Minutes saved by templates for each team."),
    NamedQuestion(TopEntities, "Entities by page views."),
    NamedQuestion(ViewsByOwner, "Page views of the entities of each owner."),
    NamedQuestion(Unvisited, "Entities that nobody visited."),
    NamedQuestion(NotFound, "Addresses that do not exist, by how often they were asked for."),
    NamedQuestion(NotFoundReferrers, "The page before an address that does not exist."),
    NamedQuestion(Funnel, "How many users or visits took several steps in order."),
    NamedQuestion(Explore, "Any measure by up to three fields, with or without time."),
    NamedQuestion(KeyFields, "The attributes and context keys that events have."),
)
QUESTIONS: Mapping[str, NamedQuestion] = {one.name: one for one in _ALL}
"""Every question by its name, in the order of the pages."""


def find_question(name: str) -> NamedQuestion:
    """The question with a name.

    Raises:
        AnalyticsError: If there is none.
    """
    found = QUESTIONS.get(name)
    if found is None:
        raise AnalyticsError("question", f"{name[:60]!r} is unknown", f"Use {', '.join(QUESTIONS)}")
    return found
