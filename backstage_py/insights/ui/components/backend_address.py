"""Addresses of the backend, for links and forms of the dashboard."""

from typing import Any

from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData
from reflex_base.vars.base import Var
from reflex_base.vars.function import FunctionStringVar
from reflex_base.vars.sequence import StringVar

from backstage_py.ui.browser_module import browser_module


def _function(name: str) -> FunctionStringVar[Any]:
    module = browser_module(__file__, "backend_address.js")
    imports = {module: ImportVar(tag=name, install=False)}
    return FunctionStringVar.create(name, _var_data=VarData(imports=imports))


_BACKEND_ADDRESS = _function("backendAddress")
_ABSOLUTE_ADDRESS = _function("absoluteAddress")


def backend_address(path: str | Var[Any]) -> StringVar[str]:
    """The address of a path of the backend; the path itself where the page has the same origin."""
    return _BACKEND_ADDRESS.call(path).to(str)


def absolute_address(path: str | Var[Any]) -> StringVar[str]:
    """The whole address of a path of the backend, to be sent to others; empty for no path."""
    return _ABSOLUTE_ADDRESS.call(path).to(str)
