"""Who asks over HTTP, and what they may: the same for annotations, MCP and exports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from backstage_py.analytics import get_runtime
from backstage_py.insights.insights import get_access
from backstage_py.insights.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Caller:
    """`user` is an entity ref or the name of a token, None for anonymous requests.

    `viewer` is None for those who may not see Insights.
    """

    user: str | None = None
    viewer: Viewer | None = None
    may_annotate: bool = False


FindCaller: TypeAlias = Callable[[Mapping[str, str]], Caller]
"""Finds out from a request's headers who sent it."""


def find_caller(headers: Mapping[str, str]) -> Caller:
    """The sender of a request to this process's portal, by its identity and permissions."""
    user = get_runtime().recorder.identify(headers)
    access = get_access()
    viewer = access.viewer(user) if access.may_see(user) else None
    return Caller(user, viewer, may_annotate=access.may_annotate(user))
