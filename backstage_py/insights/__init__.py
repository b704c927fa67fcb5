"""The owner's questions, asked of a columnar copy of the record.

A question is a frozen dataclass; `Insights.ask` answers it for a scope.
"""

from backstage_py.insights.answer import Answer, EventPage, Row, Trust
from backstage_py.insights.directory import EMPTY_DIRECTORY, Directory
from backstage_py.insights.scope import SAMPLE_PREFIX, Condition, Operator, Sample, Scope
from backstage_py.insights.viewer import OWNER, Viewer
from backstage_py.insights.window import Grain, Window

__all__ = [
    "EMPTY_DIRECTORY",
    "OWNER",
    "SAMPLE_PREFIX",
    "Answer",
    "Condition",
    "Directory",
    "EventPage",
    "Grain",
    "Operator",
    "Row",
    "Sample",
    "Scope",
    "Trust",
    "Viewer",
    "Window",
]
