"""Dashboards, as the app that shows them knows people."""

import functools
from collections.abc import Collection, Mapping
from dataclasses import replace

from backstage_py.analytics import AnalyticsError, get_runtime
from backstage_py.insights import Caller, Directory, Sample, Viewer, get_access
from backstage_py.insights.dashboards.dashboard import Dashboard
from backstage_py.insights.dashboards.dashboards import Dashboards, Reader
from backstage_py.insights.ui.service import InsightsService

MAX_SUGGESTED = 500
"""The number of people and groups that the form of shares suggests."""


@functools.cache
def get_dashboards() -> Dashboards:
    """The dashboards of this process, in the recorder's database.

    Raises:
        ConfigurationError: If the configuration is wrong.
    """
    return Dashboards(get_runtime().store.engine)


def find_reader(caller: Caller, service: InsightsService) -> Reader:
    """Who looks at dashboards: the caller with their groups and the groups above them."""
    user = (caller.user or "").casefold()
    return Reader(user, frozenset(list_refs(user, _directory(service))) if user else frozenset())


def list_refs(user: str, directory: Directory) -> set[str]:
    """A user's ref, those of their groups, and those of the groups above these."""
    refs = {user}
    waiting = [*directory.teams_of.get(user, ())]
    while waiting:
        group = waiting.pop().casefold()
        if group and group not in refs:
            refs.add(group)
            waiting.append(directory.parent_of.get(group, ""))
    return refs


def list_people(service: InsightsService) -> list[str]:
    """The refs of groups and users to suggest, groups first."""
    directory = _directory(service)
    groups: Mapping[str, str] = directory.parent_of
    users: Collection[str] = directory.teams_of
    return [*sorted(groups), *sorted(users)][:MAX_SUGGESTED]


def viewer_of_shared(viewer: Viewer, dashboard: Dashboard, reader: Reader) -> Viewer:
    """What somebody sees of a dashboard: never more than they may, nor than its owner may."""
    if dashboard.owner == reader.user:
        return viewer
    access = get_access()
    owner_may = access.may_see(dashboard.owner) and access.viewer(dashboard.owner).sees_people
    return replace(viewer, sees_people=viewer.sees_people and owner_may)


def viewer_of_link(sharer: str) -> Viewer | None:
    """What a link shows: no people at all, and nothing once its sharer may not see Insights."""
    access = get_access()
    if not access.may_see(sharer):
        return None
    return replace(access.viewer(sharer), sees_people=False, per_person=False)


def _directory(service: InsightsService) -> Directory:
    try:
        return service.directory(Sample.WITHOUT)
    except AnalyticsError:
        return Directory()
