"""Route refs: the names of the portal's pages, and their paths.

Source of the idea: `createRouteRef` of `@backstage/core-plugin-api`.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData
from reflex_base.vars.base import LiteralVar, Var
from reflex_base.vars.sequence import StringVar

from backstage_py.ui.browser_module import browser_module

_PARAMETER = re.compile(r"\[(\w+)\]")
_LOCATION = VarData(
    hooks={"const routeLocation = useLocation()": None},
    imports={"react-router": ImportVar(tag="useLocation", install=False)},
)
_CURRENT_PATH = VarData(
    hooks={"const currentPath = useCurrentPath()": None},
    imports={
        browser_module(__file__, "location.js"): ImportVar(tag="useCurrentPath", install=False)
    },
)
_PARAMS = VarData(
    hooks={"const routeParams = useParams()": None},
    imports={"react-router": ImportVar(tag="useParams", install=False)},
)


@dataclass(frozen=True, slots=True)
class RouteRef:
    """A place that a plugin's page is mounted at.

    `path` is a Reflex route with a leading slash: `/catalog/[namespace]/[kind]/[name]`.
    With `open_ended` the page also takes the paths below its own.
    """

    id: str
    path: str
    open_ended: bool = False

    @property
    def reflex_route(self) -> str:
        """The route as Reflex registers it."""
        return f"{self.path.rstrip('/')}/[[...splat]]" if self.open_ended else self.path

    def link(self, **params: str) -> str:
        """The path with its parameters filled in and encoded.

        Raises:
            KeyError: If a parameter is missing.
        """
        return _PARAMETER.sub(lambda found: quote(params[found[1]], safe=""), self.path)


def route_param(name: str) -> StringVar[str]:
    """The decoded value of the current route's parameter, known as soon as the page is."""
    expression = f"(routeParams?.[{LiteralVar.create(name)!s}] ?? '')"
    return Var(_js_expr=expression, _var_type=str, _var_data=_PARAMS).to(str)


def route_location(part: str = "pathname") -> StringVar[str]:
    """A part of the current address: `pathname`, `search` or `hash`."""
    return Var(_js_expr=f"routeLocation.{part}", _var_type=str, _var_data=_LOCATION).to(str)


def is_at(path: Var[str] | str, *, exactly: bool = False) -> Var[bool]:
    """Whether the current page is at the path or, unless `exactly`, below it; for marking links."""
    here = Var(_js_expr="currentPath", _var_type=str, _var_data=_CURRENT_PATH).to(str)
    return here == path if exactly else (here == path) | here.startswith(f"{path}/")
