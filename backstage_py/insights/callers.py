"""Callers over HTTP and their permissions: the same for annotations, MCP and exports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from backstage_py.analytics import (
    ANALYTICS_EVENT_READ,
    Credentials,
    current_credentials,
    get_runtime,
)
from backstage_py.insights.insights import get_access
from backstage_py.insights.viewer import Viewer

INSIGHTS_READ = "analytics.insights.read"
PEOPLE_READ = "analytics.people.read"
MANAGE = "analytics.manage"
"""The permissions, as tokens name them."""


@dataclass(frozen=True, slots=True)
class Caller:
    """`user` is an entity ref or the name of a token, None for anonymous requests.

    `viewer` is None for those who may not see Insights. `reads_events` allows single events, as in
    the live view.
    """

    user: str | None = None
    viewer: Viewer | None = None
    may_annotate: bool = False
    may_manage: bool = False
    reads_events: bool = False

    @property
    def has_names(self) -> bool:
        """Whether single events show their users; anonymous callers do not see them."""
        return self.user is not None or (self.viewer is not None and self.viewer.sees_people)


FindCaller: TypeAlias = Callable[[Mapping[str, str]], Caller]
"""Returns the sender of a request by its headers."""


def find_caller(headers: Mapping[str, str]) -> Caller:
    """The sender of a request to this process's portal, by its identity, token and permissions."""
    credentials = current_credentials()
    if credentials is None:
        return _caller_of(get_runtime().recorder.identify(headers))
    return _caller_with(credentials)


def _caller_of(user: str | None) -> Caller:
    access = get_access()
    viewer = access.viewer(user) if access.may_see(user) else None
    return Caller(
        user,
        viewer,
        may_annotate=access.may_annotate(user),
        may_manage=access.may_manage(user),
        reads_events=access.may_read_events(user),
    )


def _caller_with(token: Credentials) -> Caller:
    """The caller of a token: a service has its scopes, a person's token at most their rights."""
    if token.is_service:
        settings = get_access().settings
        sees_people = settings.per_person and token.allows(PEOPLE_READ)
        viewer = Viewer(sees_people, settings.smallest_group, settings.per_person)
        person = Caller(
            token.subject, viewer, may_annotate=True, may_manage=True, reads_events=True
        )
    else:
        person = _caller_of(token.subject)
    viewer = person.viewer
    if viewer is not None and not token.allows(PEOPLE_READ):
        viewer = replace(viewer, sees_people=False)
    return Caller(
        token.subject,
        viewer if token.allows(INSIGHTS_READ) else None,
        may_annotate=person.may_annotate and token.allows(MANAGE),
        may_manage=person.may_manage and token.allows(MANAGE),
        reads_events=person.reads_events and token.allows(ANALYTICS_EVENT_READ),
    )
