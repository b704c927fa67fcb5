"""The tiles of each page, a module for each."""

from backstage_py.insights.ui.views.by_name import VIEWS
from backstage_py.insights.ui.views.content import CONTENT
from backstage_py.insights.ui.views.experience import EXPERIENCE
from backstage_py.insights.ui.views.explorer import EXPLORER
from backstage_py.insights.ui.views.in_app import PAGES, PATHS, USAGE
from backstage_py.insights.ui.views.overview import OVERVIEW
from backstage_py.insights.ui.views.plugins import PLUGINS
from backstage_py.insights.ui.views.retention import FUNNEL, RETENTION
from backstage_py.insights.ui.views.search import SEARCH
from backstage_py.insights.ui.views.templates import TEMPLATES

__all__ = [
    "CONTENT",
    "EXPERIENCE",
    "EXPLORER",
    "FUNNEL",
    "OVERVIEW",
    "PAGES",
    "PATHS",
    "PLUGINS",
    "RETENTION",
    "SEARCH",
    "TEMPLATES",
    "USAGE",
    "VIEWS",
]
