"""The tiles of each page, a module for each."""

from backstage_py.plugins.insights.views.by_name import VIEWS
from backstage_py.plugins.insights.views.content import CONTENT
from backstage_py.plugins.insights.views.explorer import EXPLORER
from backstage_py.plugins.insights.views.overview import OVERVIEW
from backstage_py.plugins.insights.views.plugins import PLUGINS
from backstage_py.plugins.insights.views.retention import FUNNEL, RETENTION
from backstage_py.plugins.insights.views.search import SEARCH
from backstage_py.plugins.insights.views.templates import TEMPLATES

__all__ = [
    "CONTENT",
    "EXPLORER",
    "FUNNEL",
    "OVERVIEW",
    "PLUGINS",
    "RETENTION",
    "SEARCH",
    "TEMPLATES",
    "VIEWS",
]
