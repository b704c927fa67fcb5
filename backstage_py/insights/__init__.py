"""Answers the owner's questions from a columnar copy of the record.

A question is a frozen dataclass; `Insights.ask` answers it for a scope.
"""

from backstage_py.insights.access import Access, InsightsSettings, ReachSettings
from backstage_py.insights.annotations.annotation import Annotation
from backstage_py.insights.annotations.annotations import Annotations
from backstage_py.insights.annotations.endpoint import AnnotationsEndpoint
from backstage_py.insights.answer import Answer, EventPage, Row, Trust
from backstage_py.insights.callers import Caller, find_caller
from backstage_py.insights.directory import EMPTY_DIRECTORY, Directory, list_members
from backstage_py.insights.insights import Insights, get_access, get_annotations, get_insights
from backstage_py.insights.questions.content import (
    NotFound,
    NotFoundReferrers,
    TopEntities,
    Unvisited,
    ViewsByOwner,
)
from backstage_py.insights.questions.experience import Errors, WebVitals
from backstage_py.insights.questions.explorer import Explore, KeyFields, Measure
from backstage_py.insights.questions.funnel import By, Funnel, Step
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
from backstage_py.insights.scope import SAMPLE_PREFIX, Condition, Operator, Sample, Scope
from backstage_py.insights.viewer import OWNER, Viewer
from backstage_py.insights.window import Grain, Window

__all__ = [
    "EMPTY_DIRECTORY",
    "OWNER",
    "SAMPLE_PREFIX",
    "Access",
    "ActiveByTeam",
    "ActiveUsers",
    "Activity",
    "Adoption",
    "Annotation",
    "Annotations",
    "AnnotationsEndpoint",
    "Answer",
    "By",
    "Caller",
    "Condition",
    "Directory",
    "Entries",
    "Errors",
    "EventPage",
    "Exits",
    "Explore",
    "Exposure",
    "FeedbackAfter",
    "FeedbackAnswers",
    "Funnel",
    "Grain",
    "HereNow",
    "Insights",
    "InsightsSettings",
    "KeyFields",
    "Lifecycle",
    "Measure",
    "Moves",
    "NotFound",
    "NotFoundReferrers",
    "OpenedResults",
    "Operator",
    "PathsAround",
    "Question",
    "Reach",
    "ReachSettings",
    "Refinements",
    "Retention",
    "Row",
    "RunOutcomes",
    "Sample",
    "Scope",
    "SearchQuality",
    "SearchVolume",
    "Searches",
    "SearchesWithoutClick",
    "SearchesWithoutResult",
    "Step",
    "Stickiness",
    "TemplateFunnel",
    "TemplateOutcomes",
    "Templates",
    "TimeSaved",
    "TimeSavedByTeam",
    "TopClicks",
    "TopEntities",
    "TopExtensions",
    "TopPages",
    "TopPlugins",
    "TopRoutes",
    "TopUsers",
    "Totals",
    "Trust",
    "Unvisited",
    "Viewer",
    "ViewsByOwner",
    "VisitLength",
    "VisitTimeline",
    "WebVitals",
    "Window",
    "find_caller",
    "get_access",
    "get_annotations",
    "get_insights",
    "list_members",
]
