"""Where the pages of the dashboard are."""

from backstage_py.insights.ui.host import get_host


def path_of(view: str) -> str:
    """The path of a page; the first one is at the base."""
    host = get_host()
    return host.base if view == next(iter(host.titles)) else f"{host.base}/{view}"
