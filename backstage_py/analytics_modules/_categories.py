"""Terms that Backstage's modules for Google, Matomo and New Relic share."""

from backstage_py.analytics import RecordedEvent


def category_of(event: RecordedEvent) -> str:
    """The category of an event: the extension it happened in."""
    context = event.context
    return str(context.get("extensionId") or context.get("extension") or "App")


def is_page_view(event: RecordedEvent) -> bool:
    """Whether it is a navigation of the whole app, and not of a part of it."""
    return event.action == "navigate" and category_of(event).lower().startswith("app")


def path_of(subject: str) -> str:
    """The path of a page view's subject, without query and hash."""
    return subject.partition("#")[0].partition("?")[0]
