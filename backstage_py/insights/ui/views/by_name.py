"""Every page by its name, with its tiles in their order."""

from backstage_py.insights.ui.views.content import CONTENT
from backstage_py.insights.ui.views.experience import EXPERIENCE
from backstage_py.insights.ui.views.explorer import EXPLORER
from backstage_py.insights.ui.views.in_app import PAGES, PATHS, USAGE
from backstage_py.insights.ui.views.overview import OVERVIEW
from backstage_py.insights.ui.views.plugins import PLUGINS
from backstage_py.insights.ui.views.retention import FUNNEL, RETENTION
from backstage_py.insights.ui.views.search import SEARCH
from backstage_py.insights.ui.views.templates import TEMPLATES

VIEWS = {
    "overview": OVERVIEW,
    "plugins": PLUGINS,
    "search": SEARCH,
    "templates": TEMPLATES,
    "content": CONTENT,
    "retention": (RETENTION[0], FUNNEL, RETENTION[1]),
    "experience": EXPERIENCE,
    "explorer": (EXPLORER,),
    "usage": USAGE,
    "pages": PAGES,
    "paths": PATHS,
    "funnels": (FUNNEL,),
}
