"""The Reflex plugin: one line in `rxconfig.py` instruments an app."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reflex_base.config import get_config
from reflex_base.plugins.base import HookOrder, Plugin

if TYPE_CHECKING:
    from reflex_base.components.component import BaseComponent
    from reflex_base.plugins.compiler import PageContext

    from backstage_py.analytics.route_table import Route


@dataclass(repr=False, eq=False)
class AnalyticsPlugin(Plugin):
    """Instruments a Reflex app: put it into the `plugins` of `rxconfig.py`.

    Every page gets a context and fires `navigate`, links capture `click`, event
    handlers in Python can capture, and the app receives events at `endpoint`.
    Which tools they go to is the owner's choice in `app-config.yaml`.
    """

    # Capture the clicks of every rx.link; switch one off with data_no_track=True.
    capture_links: bool = True
    # Capture the clicks of every rx.button too, its text being the subject.
    capture_buttons: bool = False
    # Make each page an extension of its own. Switch it off where pages are
    # declared with analytics_extension(), as in the portal.
    page_contexts: bool = True
    # The pluginId of those pages; the app's name unless given.
    plugin_id: str | None = None
    # Where the browser posts events. Its words are none that ad blockers look for.
    endpoint: str = "/api/events"
    # Where figures of the pipeline are served for Prometheus and its like; None for nowhere.
    metrics_endpoint: str | None = "/metrics"

    _routes: dict[str, list["Route"]] = field(default_factory=dict, init=False)

    _compiler_enter_component_order = HookOrder.PRE

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If an endpoint is not a path.
        """
        for name in ("endpoint", "metrics_endpoint"):
            path: str | None = getattr(self, name)
            if path is not None and not path.startswith("/"):
                raise ValueError(
                    f"AnalyticsPlugin({name}={path!r}): expected a path of this app, "
                    "beginning with /"
                )

    def enter_component(
        self,
        comp: "BaseComponent",
        /,
        *,
        page_context: "PageContext",
        compile_context: Any,
        in_prop_tree: bool = False,
    ) -> "BaseComponent | None":
        """Instrument a page as a whole when the compiler enters its root."""
        if comp is not page_context.root_component:
            return None
        from backstage_py.analytics.auto_capture import AutoCapture
        from backstage_py.analytics.memos import instrument_memos
        from backstage_py.analytics.pages import PageInstrumentation

        capture = AutoCapture(links=self.capture_links, buttons=self.capture_buttons)
        instrument_memos(capture)
        pages = PageInstrumentation(
            capture=capture,
            plugin_id=self._id_of_pages if self.page_contexts else None,
        )
        instrumented, self._routes[page_context.route] = pages.apply(comp, page_context)
        return instrumented

    def get_static_assets(self, **context: Any) -> Sequence[tuple[Path, str | bytes]]:
        """The browser's modules, and those that are written for this app.

        They are the table of routes, which was compiled before, and the destinations of events.
        """
        from backstage_py.analytics.browser_modules import ROUTES_FILE, browser_modules
        from backstage_py.analytics.destinations import destination_modules
        from backstage_py.analytics.recorder import get_recorder
        from backstage_py.analytics.route_table import routes_module

        routes = [route for routes in self._routes.values() for route in routes]
        modules = {
            **dict(browser_modules()),
            **dict(destination_modules(get_recorder().tools)),
            ROUTES_FILE: routes_module(routes),
        }
        return list(modules.items())

    def update_env_json(self, **context: Any) -> dict[str, Any]:
        """What the browser has to know; it is public."""
        from backstage_py.analytics.recorder import get_recorder

        privacy = get_recorder().consent.settings.for_browser()
        return {"ANALYTICS": {"endpoint": self.endpoint, "privacy": privacy}}

    def post_compile(self, **context: Any) -> None:
        """Open the endpoint and let event handlers capture."""
        from backstage_py.analytics.recorder import install

        install(context["app"], self.endpoint, self.metrics_endpoint)

    @property
    def _id_of_pages(self) -> str:
        return self.plugin_id or get_config().app_name
