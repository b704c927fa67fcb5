"""The dashboard of Insights, which `AnalyticsPlugin(insights=...)` adds: found by its name.

The library imports nothing of Insights, whose extra may not be installed.
"""

import importlib
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from backstage_py.analytics.extras import list_modules

MODULE = "backstage_py.insights.ui.app.pages"
"""It has `add_pages(add_page, base)`, `list_routes()`, `prepare(app)`, and
`running`, a lifespan task."""
EXTRA = "insights"


def load_dashboard(option: str) -> Any:
    """The module that adds the dashboard.

    Raises:
        SystemExit: With one line, if the extra is not installed.
    """
    missing = [name for name in list_modules(EXTRA) if find_spec(name) is None]
    if missing:
        raise SystemExit(
            f"AnalyticsPlugin({option}) needs {', '.join(missing)}: "
            f'run pip install "backstage_py[{EXTRA}]"'
        )
    module: ModuleType = importlib.import_module(MODULE)
    return module


def is_below(route: str, base: str | None) -> bool:
    """Whether a route of Reflex is that of the dashboard, or of one of its pages."""
    if base is None:
        return False
    path, top = f"/{route.strip('/')}", base.rstrip("/")
    return path == top or path.startswith(f"{top}/")
